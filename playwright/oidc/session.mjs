/** Ends a person's session at the provider, everywhere it is known. */

/** Revokes the grants and tells each client by its back-channel address; a client that is away stops nothing. */
export async function endSession(provider, session) {
  if (!session) return;
  const { accountId, authorizations = {} } = session;
  await Promise.all(
    Object.entries(authorizations).map(async ([clientId, { sid, grantId }]) => {
      if (grantId) await revoke(provider, grantId);
      const client = await provider.Client.find(clientId);
      if (client?.backchannelLogoutUri) await notify(client, accountId, sid);
    }),
  );
  await session.destroy();
}

async function revoke(provider, grantId) {
  await Promise.all([
    provider.AccessToken.revokeByGrantId(grantId),
    provider.AuthorizationCode.revokeByGrantId(grantId),
    provider.Grant.adapter.destroy(grantId),
  ]);
}

async function notify(client, accountId, sid) {
  try {
    await client.backchannelLogout(accountId, sid);
  } catch (error) {
    const reason = error.cause?.message ?? error.message;
    process.stderr.write(`${client.clientId} did not take the sign-out notice of ${accountId}: ${reason}\n`);
  }
}
