// The web application around a service provider on Node.js, as small as a login needs: who is logged in
// at /, the ACS at /acs, /logout and /slo. What a SAML message means is for the library behind it.
//
// It listens on port SP_PORT of this machine, and ends when its input ends, so that it cannot outlive
// the test.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

export const address = `http://127.0.0.1:${process.env.SP_PORT}`;

// Serves until the input ends. What the library does with a browser's session, an object that has a
// `person` while somebody is logged in:
//
//   begin(session, state)         where to send the browser to log in, or the page that does it
//   finish(session, form)         who the posted answer is about; throws if it is not accepted
//   logout(session)               where to send the browser to log out
//   told(session, query, raw)     what a message at /slo leads to: an address, or nothing at the end
export function serve(library) {
  const sessions = new Map();
  const cookie = `sp-${process.env.SP_PORT}`;

  async function answer(request, session) {
    const { pathname, searchParams: query, search } = new URL(request.url, address);
    switch (`${request.method} ${pathname}`) {
      case 'GET /':
        if (session.person) return { kind: 'application/json', body: JSON.stringify(session.person) };
        return { to: await library.begin(session, query.get('state') ?? '') };
      case 'POST /acs': {
        const form = Object.fromEntries(new URLSearchParams(await text(request)));
        session.person = { ...await library.finish(session, form), state: form.RelayState ?? '' };
        return { to: '/' };
      }
      case 'GET /logout':
        return { to: await library.logout(session) };
      case 'GET /slo': {
        const to = await library.told(session, Object.fromEntries(query), search.slice(1));
        return { to: to ?? '/logged-out' };
      }
      case 'GET /logged-out':
        return { body: session.person ? 'somebody' : 'nobody' };
      default:
        return { status: 404, body: 'no such page' };
    }
  }

  createServer(async (request, response) => {
    const name = request.headers.cookie?.match(`${cookie}=([^;]+)`)?.[1] ?? randomUUID();
    if (!sessions.has(name)) sessions.set(name, {});
    response.setHeader('Set-Cookie', `${cookie}=${name}; Path=/`);
    const { status = 200, kind = 'text/plain', body = '', to } =
      await answer(request, sessions.get(name)).catch((error) => ({ status: 403, body: `${error}` }));
    if (to?.match(/^(\/|http)/)) response.writeHead(303, { Location: to }).end();
    else if (to) response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(to);
    else response.writeHead(status, { 'Content-Type': kind }).end(body);
  }).listen(process.env.SP_PORT, '127.0.0.1');

  process.stdin.resume().on('end', () => process.exit());
}
