// A service provider with passport-wsfed-saml2, the library of Auth0, in front of which Atlassian's
// accounts are. It is configured by values, as by hand. It knows no logout.

import { readFileSync } from 'node:fs';

import { Strategy } from 'passport-wsfed-saml2';

import { address, serve } from './application.mjs';

const { env } = process;
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
// What its profile has beside the attributes of the assertion.
const OF_THE_LIBRARY = new Set([
  'issuer',
  'sessionIndex',
  'nameIdAttributes',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/authenticationmethod',
]);

const signs = env.SP_REQUESTS !== 'plain' && {
  signingKey: { key: readFileSync(env.SP_KEY, 'utf8'), cert: readFileSync(env.SP_CERTIFICATE, 'utf8') },
};
const posts = env.SP_REQUESTS === 'signed-post' && { protocolBinding: POST };
const waiting = new Set();

const strategy = new Strategy(
  {
    protocol: 'samlp',
    realm: env.SP_ENTITY_ID,
    callback: `${address}/acs`,
    destinationUrl: `${address}/acs`,
    recipientUrl: `${address}/acs`,
    identityProviderUrl: env.GATE_SSO_URL,
    cert: readFileSync(env.GATE_CERTIFICATE, 'utf8').replace(/-----.*?-----|\s/g, ''),
    ...signs,
    ...posts,
    isValidInResponseTo: (request, done) => done(
      request && !waiting.delete(request) ? new Error('InResponseTo names no request of ours') : null,
    ),
    store: {
      store({ state }, { saml_request_id: request }, done) {
        waiting.add(request);
        done(null, state);
      },
      verify: (request, state, done) => done(null, true),
    },
  },
  (profile, done) => done(null, profile),
);

// What the strategy makes of a request: an address, a page, or a profile.
function authenticate(request) {
  return new Promise((done, refuse) => {
    const res = { set() {}, send: done };
    const acts = { redirect: done, success: done, fail: refuse, error: refuse };
    Object.assign(Object.create(strategy), acts).authenticate({ get() {}, ...request, res }, {});
  });
}

serve({
  begin: (session, state) => authenticate({ method: 'GET', state }),

  async finish(session, form) {
    const profile = await authenticate({ method: 'POST', body: form });
    const { value, Format } = profile.nameIdAttributes;
    const attributes = Object.entries(profile)
      .filter(([name]) => !OF_THE_LIBRARY.has(name))
      .map(([name, values]) => [name, [values ?? ''].flat()]);
    return { name_id: value, format: Format, attributes: Object.fromEntries(attributes) };
  },
});
