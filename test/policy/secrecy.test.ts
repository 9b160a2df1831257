import assert from "node:assert/strict";
import { test } from "node:test";
import { policies } from "../../policy/policies.ts";
import { messages, secret, type TestResource } from "./support/judge.ts";

/** Policies are given secrets as plain text: what is in one must be in no message. */
const word = "hunter2-s3cr3t";

const secretWord = secret(word);

const annotations = {
  password: secretWord,
  "tcp-ingress.dev/health-check": "tcp",
  "tcp-ingress.dev/health-check-send": secret(`AUTH ${word}\\q`),
  "service.beta.kubernetes.io/secret": secretWord,
};

const container = {
  name: "db",
  image: "db:latest",
  command: ["db", secretWord],
  args: [secret(`--password=${word}`)],
  env: [
    { name: "DB_PASSWORD", value: secretWord },
    { name: "DB_URL", value: secret(`postgres://user:${word}@db/db`) },
    { name: "PLAIN", value: secretWord },
  ],
  securityContext: { privileged: true, capabilities: { add: ["SYS_ADMIN"] } },
  livenessProbe: {
    exec: { command: ["check", secretWord] },
    httpGet: { port: 80, host: "elsewhere", httpHeaders: [{ name: "Authorization", value: secretWord }] },
  },
};

function resource(type: string, props: object): TestResource {
  const metadata = { name: "db", annotations };
  return { type: `kubernetes:${type}`, name: type, props: { metadata, ...props } };
}

const resources = [
  resource("apps/v1:Deployment", {
    spec: {
      selector: { matchLabels: { app: "db" } },
      template: { metadata: { labels: { app: "db" }, annotations }, spec: { hostPID: true, containers: [container] } },
    },
  }),
  resource("core/v1:ConfigMap", { data: { password: secretWord, "db.conf": secret(`password = ${word}`) } }),
  resource("core/v1:Secret", { stringData: { password: secretWord }, data: { password: secretWord } }),
  resource("core/v1:Service", { spec: { type: "LoadBalancer", selector: { app: "db" }, ports: [{ port: 5432 }] } }),
  resource("networking.istio.io/v1:Gateway", {
    spec: { selector: { app: "db" }, servers: [{ port: secret({ number: word }), hosts: [] }] },
  }),
  resource("networking.istio.io/v1:DestinationRule", {
    spec: { host: "db", trafficPolicy: { connectionPool: { tcp: { connectTimeout: secretWord } } } },
  }),
];

for (const policy of policies) {
  test(`${policy.name} tells no secret`, async () => {
    const told = await messages(policy, resources, { enforcementLevel: "mandatory" });
    assert.deepEqual(
      told.filter((message) => message.includes(word)),
      [],
    );
  });
}

test("those that look where secrets may be have something to say of these resources", async () => {
  for (const name of ["routing-analysis", "config-map-secrets", "env-secrets", "hostProbesAndHostLifecycle"]) {
    const policy = policies.find((one) => one.name === name);
    assert.ok(policy, name);
    assert.notDeepEqual(await messages(policy, resources, { enforcementLevel: "mandatory" }), [], name);
  }
});
