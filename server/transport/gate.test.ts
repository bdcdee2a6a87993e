import assert from "node:assert/strict";
import test from "node:test";
import { createGate, isLoopback } from "./gate.ts";

test("the host asked for is a name of its own; every address needs the token to have any name", () => {
  const named = createGate(["192.0.2.7"], "secret");
  named.checkPlace({ host: "192.0.2.7:8000" });
  named.checkPlace({ host: "localhost:8000" });
  assert.throws(() => named.checkPlace({ host: "evil.example:8000" }), { code: "host_forbidden" });
  createGate(["0.0.0.0"], "secret").checkPlace({ host: "workstation.lab:8000" });
  assert.throws(() => createGate(["0.0.0.0"], undefined).checkPlace({ host: "workstation.lab" }), { code: "host_forbidden" });
  createGate(["2001:db8::7"], "secret").checkPlace({ host: "[2001:db8::7]:8000" });
  assert.throws(() => named.checkPlace({}), { code: "host_forbidden" });
});

test("without a token nobody is asked for one", () => {
  const open = createGate([], undefined);
  open.checkToken({});
  open.checkHelloToken(undefined);
  assert.equal(open.wantsToken, false);
});

test("loopback is what other machines cannot reach", () => {
  for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "::1"]) assert.ok(isLoopback(host), host);
  for (const host of ["0.0.0.0", "::", "192.168.0.1", "127.0.0.1.evil.example", "10.0.0.1"]) assert.ok(!isLoopback(host), host);
});
