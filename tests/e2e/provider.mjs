// A certified OpenID provider with one client, the gate, on a free port of this machine.
//
//   node provider.mjs --redirect-uri URI… --post-logout-redirect-uri URI
//                     [--client-id ID] [--client-secret SECRET] [--client-key PEM] [--require-par]
//                     [--backchannel-logout-uri URI] [--refresh]
//
// With --client-key, the public half of a key, the client proves itself by private_key_jwt instead of
// its secret; with --require-par it has to push its requests. Who logs out is logged out at the
// --backchannel-logout-uri too. With --refresh every login gets a refresh token, which works once.
//
// Prints one line of JSON with the issuer once it answers, a line for every logout token and revoked
// or used-up token, and ends when its input ends, so that it
// cannot outlive the test. Its login form takes the names in `people` with any password.

import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    'redirect-uri': { type: 'string', multiple: true },
    'post-logout-redirect-uri': { type: 'string' },
    'client-id': { type: 'string', default: 'jsm-gate' },
    'client-secret': { type: 'string', default: 'a secret of the end-to-end tests' },
    'client-key': { type: 'string' },
    'require-par': { type: 'boolean', default: false },
    'backchannel-logout-uri': { type: 'string' },
    refresh: { type: 'boolean', default: false },
  },
});

const people = {
  ada: {
    email: 'ada@example.com',
    email_verified: true,
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    groups: ['customers'],
  },
  // Known here, but without the group that the private portal of the tests asks for.
  bob: {
    email: 'bob@example.org',
    email_verified: true,
    name: 'Bob Builder',
    given_name: 'Bob',
    family_name: 'Builder',
    groups: [],
  },
};

const proof = options['client-key']
  ? {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [createPublicKey(options['client-key']).export({ format: 'jwk' })] },
    }
  : { client_secret: options['client-secret'] };

// The gate of a test has a certificate that nobody knows, on an address of this machine, which newer
// versions ask nothing of.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
const fetch = (url, { dispatcher, ...asked }) => globalThis.fetch(url, asked);

const logout = options['backchannel-logout-uri'] && {
  backchannel_logout_uri: options['backchannel-logout-uri'],
  backchannel_logout_session_required: true,
};

const refresh = options.refresh && {
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: 600, IdToken: 86_400 },
};

const configuration = {
  ...refresh,
  fetch,
  features: { backchannelLogout: { enabled: true }, revocation: { enabled: true } },
  clients: [{
    client_id: options['client-id'],
    ...proof,
    ...logout,
    require_pushed_authorization_requests: options['require-par'],
    redirect_uris: options['redirect-uri'],
    post_logout_redirect_uris: [options['post-logout-redirect-uri']],
    grant_types: ['authorization_code', ...(options.refresh ? ['refresh_token'] : [])],
    response_types: ['code'],
  }],
  claims: {
    openid: ['sub'],
    profile: ['name', 'given_name', 'family_name'],
    email: ['email', 'email_verified'],
    groups: ['groups'],
  },
  cookies: { keys: ['signs the cookies of the end-to-end tests'] },
  pkce: { required: () => true },
  findAccount: (_, login) => people[login] && {
    accountId: login,
    claims: () => ({ sub: login, ...people[login] }),
  },
};

// Version 9 needs Node 20; version 8 is for Debian 12, whose Node is 18.
const newest = parseInt(process.versions.node) >= 20 ? 'oidc-provider' : 'oidc-provider-8';
const { default: Provider } = await import(newest);

const server = createServer().listen(0, '127.0.0.1', () => {
  // A name, unlike the gate's number, so that browsers keep the cookies of the two apart.
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  const tell = (event) => provider.on(event, () => console.log(`told: ${event}`));
  ['backchannel.success', 'access_token.destroyed', 'refresh_token.consumed', 'refresh_token.destroyed'].forEach(tell);
  provider.on('backchannel.error', (_, error) => console.error(error));
  server.on('request', provider.callback());
  console.log(JSON.stringify({ issuer, provider: newest, node: process.versions.node }));
});

process.stdin.resume().on('end', () => process.exit());
