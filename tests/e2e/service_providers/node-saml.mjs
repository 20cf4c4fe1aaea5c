// A service provider with node-saml. It is configured by values, as by hand. A RelayState with a blank breaks
// its signature by redirect: it signs another spelling than it sends.

import { readFileSync } from 'node:fs';

import { SAML } from '@node-saml/node-saml';

import { address, serve } from './application.mjs';

const { env } = process;
const posts = env.SP_REQUESTS === 'signed-post' && {
  authnRequestBinding: 'HTTP-POST',
  // By itself it would compress what it posts, which is for the other binding.
  skipRequestCompression: true,
};
const signs = env.SP_REQUESTS !== 'plain' && {
  privateKey: readFileSync(env.SP_KEY, 'utf8'),
  publicCert: readFileSync(env.SP_CERTIFICATE, 'utf8'),
};

const saml = new SAML({
  issuer: env.SP_ENTITY_ID,
  callbackUrl: `${address}/acs`,
  logoutCallbackUrl: `${address}/slo`,
  entryPoint: env.GATE_SSO_URL,
  logoutUrl: env.GATE_LOGOUT_URL,
  idpIssuer: env.GATE_ENTITY_ID,
  idpCert: readFileSync(env.GATE_CERTIFICATE, 'utf8'),
  ...signs,
  ...posts,
  signatureAlgorithm: 'sha256',
  digestAlgorithm: 'sha256',
  wantAuthnResponseSigned: true,
  wantAssertionsSigned: true,
  validateInResponseTo: 'ifPresent',
  identifierFormat: null,
  disableRequestedAuthnContext: true,
});

serve({
  begin: (session, state) =>
    (posts ? saml.getAuthorizeFormAsync(state) : saml.getAuthorizeUrlAsync(state)),

  async finish(session, form) {
    const { profile } = await saml.validatePostResponseAsync(form);
    session.profile = profile;
    const attributes = Object.entries(profile.attributes ?? {})
      .map(([name, values]) => [name, [values ?? ''].flat()]);
    return {
      name_id: profile.nameID,
      format: profile.nameIDFormat,
      attributes: Object.fromEntries(attributes),
    };
  },

  logout: ({ profile }) => saml.getLogoutUrlAsync(profile, ''),

  async told(session, query, raw) {
    const { profile, loggedOut } = await saml.validateRedirectAsync(query, raw);
    if (!loggedOut) throw new Error('nobody was logged out');
    delete session.person;
    if (profile) return saml.getLogoutResponseUrlAsync(profile, query.RelayState ?? '', {}, true);
  },
});
