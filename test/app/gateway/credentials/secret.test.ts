import assert from "node:assert/strict";
import { test } from "node:test";
import { readSecrets, type SecretData } from "../../../../app/gateway/credentials/secret.ts";
import { Authority } from "../../support/certificates.ts";

const authority = await Authority.create();
const issued = await authority.issue("a.example");
const other = await authority.issue("b.example");

const secret = (data: Record<string, string>, name = "web"): SecretData => ({
  name,
  data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")])),
});

const fault = (use: "certificate" | "trust", ...secrets: (SecretData | undefined)[]): string => {
  const reading = readSecrets(use, secrets);
  assert.ok("fault" in reading, "expected a fault");
  return reading.fault;
};

test("Kubernetes' keys and Istio's mean the same", () => {
  const expected = { credential: { certificate: issued.certificate, key: issued.key } };
  assert.deepEqual(
    readSecrets("certificate", [secret({ "tls.crt": issued.certificate, "tls.key": issued.key })]),
    expected,
  );
  assert.deepEqual(readSecrets("certificate", [secret({ cert: issued.certificate, key: issued.key })]), expected);
});

test("an authority's certificate is in the Secret itself, or in the one beside it", () => {
  const own = { "tls.crt": issued.certificate, "tls.key": issued.key };
  const expected = { credential: { ca: authority.certificate } };
  assert.deepEqual(readSecrets("trust", [secret({ ...own, "ca.crt": authority.certificate })]), expected);
  assert.deepEqual(readSecrets("trust", [secret({ ...own, cacert: authority.certificate })]), expected);
  assert.deepEqual(
    readSecrets("trust", [secret(own), secret({ cacert: authority.certificate }, "web-cacert")]),
    expected,
  );
});

test("a revocation list comes with the authority", async () => {
  const crl = await authority.revocations();
  assert.deepEqual(readSecrets("trust", [secret({ "ca.crt": authority.certificate, "ca.crl": crl })]), {
    credential: { ca: authority.certificate, crl },
  });
});

test("what is of no use says why", () => {
  assert.equal(fault("certificate", undefined), "there is no such Secret");
  assert.equal(fault("certificate", secret({ "tls.crt": issued.certificate })), "it has no tls.key");
  assert.equal(fault("certificate", secret({ "tls.key": issued.key })), "it has no tls.crt");
  assert.equal(fault("trust", secret({ "tls.crt": issued.certificate })), "it has no ca.crt");
  assert.equal(
    fault("certificate", secret({ "tls.crt": issued.certificate, "tls.key": other.key })),
    "its key is not that of its certificate",
  );
  assert.match(
    fault("certificate", secret({ "tls.crt": "nothing", "tls.key": other.key })),
    /^its certificate cannot be read as PEM/,
  );
  assert.match(
    fault("certificate", secret({ "tls.crt": issued.certificate, "tls.key": "nothing" })),
    /^its key cannot be read as PEM/,
  );
  assert.match(
    fault("trust", secret({ "ca.crt": authority.certificate, "ca.crl": "nothing" })),
    /^its revocation list cannot be read as PEM/,
  );
});

test("a fault tells nothing of a key", () => {
  const broken = issued.key.replace("A", "!");
  const told = fault("certificate", secret({ "tls.crt": issued.certificate, "tls.key": broken }));
  for (const line of broken.split("\n").filter((part) => part.length > 20)) assert.ok(!told.includes(line));
});
