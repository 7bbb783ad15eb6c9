import { stack, browser, page, signIn, api } from './shots.tmp.mjs';
const [path, name] = [process.argv[2] ?? 'web-service', process.argv[3] ?? 'checkout'];
await signIn('developer');
let plan = await api('POST', `/api/v1/golden-paths/${path}/plans`, { parameters: { name, owner: 'group:default/payments' } });
console.log(plan.status, plan.body.state, JSON.stringify(plan.body.errors ?? plan.body.warnings));
const id = plan.body.id;
for (let i = 0; i < 60 && plan.body.state === 'planning'; i++) { await new Promise(r => setTimeout(r, 500)); plan = await api('GET', `/api/v1/plans/${id}`); }
console.log(plan.body.state, plan.body.hash, plan.body.objects?.filter(o=>o.verdict!=='accepted'));
const run = await api('POST', '/api/v1/runs', { plan_id: id, plan_hash: plan.body.hash });
console.log(run.status, run.body.id ?? run.body);
const t = Date.now();
for (;;) {
  const r = await api('GET', `/api/v1/runs/${run.body.id}`);
  if (['succeeded','failed'].includes(r.body.state) || Date.now()-t > 120000) { console.log((Date.now()-t)/1000, r.body.state, JSON.stringify(r.body.waiting_for), r.body.steps.map(s=>`${s.name}: ${s.state} ${s.error??''}`)); break; }
  await new Promise(r => setTimeout(r, 300));
}
await page.goto(`/catalog/component/default/${name}`);
await page.screenshot({ path: `/tmp/w3/shots/service-${name}.png`, fullPage: true });
await browser.close();
