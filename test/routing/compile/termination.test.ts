import assert from "node:assert/strict";
import { test } from "node:test";
import { terminationOf } from "../../../routing/compile/termination.ts";

test("what Istio's samples have: one Secret, nothing of the client", () => {
  assert.deepEqual(terminationOf({ mode: "SIMPLE", credentialName: "cert" }), {
    mode: "SIMPLE",
    certificates: [{ kind: "Secret", name: "cert" }],
    trust: undefined,
    caCrl: undefined,
    subjectAltNames: [],
    verifyCertificateSpki: [],
    verifyCertificateHash: [],
    minProtocolVersion: "TLSv1.2",
    maxProtocolVersion: "TLSv1.3",
    cipherSuites: [],
  });
});

test("clients are verified by the certificate's own Secret, a Secret of its own or a file", () => {
  const trust = (more: object) => terminationOf({ mode: "MUTUAL", credentialName: "cert", ...more })?.trust;
  assert.deepEqual(trust({}), { kind: "Secret", name: "cert" });
  assert.deepEqual(trust({ caCertificates: "/ca.pem" }), { kind: "File", certificate: "/ca.pem", key: "" });
  assert.deepEqual(trust({ caCertificates: "/ca.pem", caCertCredentialName: "ca" }), { kind: "Secret", name: "ca" });
});

test("certificates for several kinds of keys, from Secrets or from files", () => {
  const certificates = (tls: object) => terminationOf({ mode: "SIMPLE", ...tls })?.certificates;
  assert.deepEqual(certificates({ credentialNames: ["rsa", "ecdsa"] }), [
    { kind: "Secret", name: "rsa" },
    { kind: "Secret", name: "ecdsa" },
  ]);
  assert.deepEqual(certificates({ serverCertificate: "/c", privateKey: "/k" }), [
    { kind: "File", certificate: "/c", key: "/k" },
  ]);
  assert.deepEqual(
    certificates({
      tlsCertificates: [
        { serverCertificate: "/a", privateKey: "/b" },
        { serverCertificate: "/c", privateKey: "/d" },
      ],
    }),
    [
      { kind: "File", certificate: "/a", key: "/b" },
      { kind: "File", certificate: "/c", key: "/d" },
    ],
  );
});

test("hashes are compared without colons and in lower case", () => {
  const tls = terminationOf({ mode: "MUTUAL", credentialName: "cert", verifyCertificateHash: ["AB:CD"] });
  assert.deepEqual(tls?.verifyCertificateHash, ["abcd"]);
});

test("nothing ends where bytes pass through, or where there is no certificate", () => {
  assert.equal(terminationOf(undefined), undefined);
  assert.equal(terminationOf({ mode: "PASSTHROUGH", credentialName: "cert" }), undefined);
  assert.equal(terminationOf({ mode: "SIMPLE" }), undefined);
  assert.equal(terminationOf({ mode: "SIMPLE", serverCertificate: "/c" }), undefined);
});
