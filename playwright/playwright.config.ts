import { defineConfig, devices } from '@playwright/test';

import { runningStack } from './support/stack.ts';

/** Chromium speaks to this machine alone: nothing of it may call home. */
const args = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  // Chromium's sandbox refuses root, and only root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results',
  reporter: 'list',
  retries: 0,
  workers: 2,
  forbidOnly: true,
  // Two cores are often busy building at the same time.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices['Desktop Chrome'],
    baseURL: runningStack()?.web,
    // A record of every step takes a good part of two cores, so that it is made when somebody asks for it.
    trace: process.env.WAYMARK_TRACE ? { mode: 'retain-on-failure', screenshots: false } : 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: process.env.WAYMARK_CHROMIUM ?? '/usr/bin/chromium', args },
  },
  projects: [
    { name: 'js', use: { javaScriptEnabled: true } },
    { name: 'no-js', use: { javaScriptEnabled: false } },
  ],
});
