import assert from "node:assert/strict";
import { mkdtemp, rename, rm, symlink, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pino } from "pino";
import { systemClock } from "../../../../app/gateway/clock.ts";
import type { Credentials } from "../../../../app/gateway/credentials/credentials.ts";
import { DeclaredSecrets, secretsIn } from "../../../../app/gateway/credentials/declared-secrets.ts";
import { FileSource } from "../../../../app/gateway/credentials/files.ts";
import { CredentialKeeper } from "../../../../app/gateway/credentials/keeper.ts";
import type { SecretSource } from "../../../../app/gateway/credentials/secret.ts";
import { WatchedSecrets } from "../../../../app/gateway/credentials/watched-secrets.ts";
import type { RouteTable, ServerTls } from "../../../../routing/table.ts";
import { FakeApiServer } from "../../support/api-server.ts";
import { Authority, type Issued } from "../../support/certificates.ts";
import { serverTls, snapshotOf } from "../../support/snapshot.ts";

const authority = await Authority.create();
const first = await authority.issue("a.example");
const second = await authority.issue("a.example");
const logger = pino({ level: "silent" });

const tableFor = (tls: Partial<ServerTls>): RouteTable =>
  snapshotOf(1, [
    { port: 1, protocol: "TLS", tls: { ...serverTls, ...tls }, rules: [{ to: [{ subset: "v1", endpoints: [] }] }] },
  ]).table;

class Rig implements Disposable {
  readonly keeper: CredentialKeeper;
  readonly published: Credentials[] = [];
  #wake = Promise.withResolvers<undefined>();

  constructor(secrets: SecretSource) {
    this.keeper = new CredentialKeeper({
      secrets,
      files: new FileSource(systemClock),
      logger,
      publish: (credentials) => {
        this.published.push(credentials);
        this.#woken();
      },
      changed: () => this.#woken(),
    });
  }

  get last(): Credentials {
    return this.published.at(-1) ?? new Map();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#wake.promise;
  }

  /** What is wrong with what a server needs: `> ` leads what a form from before is in force for. */
  faultsOf(tls: Partial<ServerTls> = {}): string[] | undefined {
    return this.keeper
      .faultsOf({ ...serverTls, ...tls })
      ?.map(({ message, replaced }) => `${replaced ? "> " : ""}${message}`);
  }

  #woken(): void {
    this.#wake.resolve(undefined);
    this.#wake = Promise.withResolvers();
  }

  [Symbol.dispose](): void {
    this.keeper.close();
  }
}

const watched = (server: FakeApiServer): WatchedSecrets =>
  new WatchedSecrets({ api: server.client(), namespace: "ingress", clock: systemClock, random: () => 0, logger });

const yaml = (name: string, { certificate, key }: Pick<Issued, "certificate" | "key">): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    stringData: { "tls.crt": certificate, "tls.key": key },
  });

const secretObject = (name: string, { certificate, key }: Pick<Issued, "certificate" | "key">) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "ingress" },
  data: { "tls.crt": btoa(certificate), "tls.key": btoa(key) },
});

test("only what the route table names is kept, and what has not changed is the same object", async () => {
  const secrets = new DeclaredSecrets();
  using rig = new Rig(secrets);
  secrets.replace(secretsIn(yaml("web", first) + "\n---\n" + yaml("unused", second)));
  await rig.keeper.follow(tableFor({}));
  assert.deepEqual([...rig.last], [["Secret web certificate", { certificate: first.certificate, key: first.key }]]);
  assert.equal(rig.published.length, 1);
  secrets.replace(secretsIn(yaml("web", first)));
  assert.equal(rig.published.length, 1);
  await rig.keeper.follow({ listeners: [], clusters: new Map() });
  assert.equal(rig.last.size, 0);
});

test("a Secret that turns broken leaves its last good form, and the fault is told", async () => {
  const secrets = new DeclaredSecrets();
  using rig = new Rig(secrets);
  secrets.replace(secretsIn(yaml("web", first)));
  await rig.keeper.follow(tableFor({}));
  secrets.replace(secretsIn(yaml("web", { certificate: first.certificate, key: second.key })));
  assert.equal(rig.published.length, 1);
  assert.deepEqual(rig.faultsOf(), ["> Secret web cannot be used as its key is not that of its certificate"]);
  secrets.replace(secretsIn(yaml("web", second)));
  assert.equal(rig.last.get("Secret web certificate")?.certificate, second.certificate);
  assert.deepEqual(rig.faultsOf(), []);
});

test("a Secret of the API server is watched by its name alone", async () => {
  await using server = await FakeApiServer.start();
  server.apply(secretObject("web", first));
  server.apply(secretObject("other", second));
  using rig = new Rig(watched(server));
  await rig.keeper.follow(tableFor({}));
  assert.equal(rig.last.get("Secret web certificate")?.certificate, first.certificate);
  server.apply(secretObject("web", second));
  await rig.until(() => rig.last.get("Secret web certificate")?.certificate === second.certificate);
  assert.deepEqual(server.selectors("secrets"), new Set(["metadata.name=web"]));
});

test("a Secret that comes later is taken when it does; one that goes or turns broken stays in force", async () => {
  await using server = await FakeApiServer.start();
  using rig = new Rig(watched(server));
  assert.equal(rig.faultsOf(), undefined);
  await rig.keeper.follow(tableFor({}));
  assert.deepEqual(rig.faultsOf(), ["Secret web cannot be used as there is no such Secret"]);
  server.apply(secretObject("web", first));
  await rig.until(() => rig.last.has("Secret web certificate"));
  assert.deepEqual(rig.faultsOf(), []);
  const inForce = { certificate: first.certificate, key: first.key };
  server.delete("Secret", "ingress", "web");
  await rig.until(() => rig.faultsOf()?.[0] === "> Secret web cannot be used as there is no such Secret");
  assert.deepEqual(rig.last.get("Secret web certificate"), inForce);
  server.apply(secretObject("web", { certificate: second.certificate, key: first.key }));
  await rig.until(
    () => rig.faultsOf()?.[0] === "> Secret web cannot be used as its key is not that of its certificate",
  );
  assert.deepEqual(rig.last.get("Secret web certificate"), inForce);
  assert.equal(rig.published.length, 1);
  server.apply(secretObject("web", second));
  await rig.until(() => rig.last.get("Secret web certificate")?.certificate === second.certificate);
  assert.deepEqual(rig.faultsOf(), []);
});

test("a Secret that nothing names any more before it was looked up holds up no other", async () => {
  await using server = await FakeApiServer.start();
  server.apply(secretObject("web", first));
  server.unavailable = true;
  using rig = new Rig(watched(server));
  const overtaken = rig.keeper.follow(tableFor({ certificates: [{ kind: "Secret", name: "gone" }] }));
  const followed = rig.keeper.follow(tableFor({}));
  server.unavailable = false;
  await Promise.all([overtaken, followed]);
  assert.equal(rig.last.get("Secret web certificate")?.certificate, first.certificate);
});

test("a Secret may be named with its namespace, as the Gateway API has it", async () => {
  await using server = await FakeApiServer.start();
  server.apply(secretObject("web", first));
  const certificates = [{ kind: "Secret", name: "ingress/web" }] as const;
  using rig = new Rig(watched(server));
  await rig.keeper.follow(tableFor({ certificates }));
  assert.deepEqual(rig.faultsOf({ certificates }), []);
  const declared = new DeclaredSecrets();
  using standalone = new Rig(declared);
  declared.replace(secretsIn(yaml("web", first)));
  await standalone.keeper.follow(tableFor({ certificates }));
  assert.deepEqual(standalone.faultsOf({ certificates }), []);
});

test("files are read again when they are replaced, as a mounted Secret's are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "credentials-"));
  try {
    const write = async (name: string, { certificate, key }: Issued): Promise<void> => {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, "tls.crt"), certificate);
      await writeFile(join(folder, name, "tls.key"), key);
      await symlink(name, join(folder, "..data_tmp"));
      await rename(join(folder, "..data_tmp"), join(folder, "..data"));
    };
    await write("one", first);
    const [certificate, key] = [join(folder, "tls.crt"), join(folder, "tls.key")];
    await symlink("..data/tls.crt", certificate);
    await symlink("..data/tls.key", key);
    using rig = new Rig(new DeclaredSecrets());
    await rig.keeper.follow(tableFor({ certificates: [{ kind: "File", certificate, key }] }));
    const [name] = rig.last.keys();
    assert.equal(rig.last.get(name ?? "")?.certificate, first.certificate);
    await write("two", second);
    await rig.until(() => rig.last.get(name ?? "")?.certificate === second.certificate);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a file that is not there is a fault, and refuses nothing else", async () => {
  using rig = new Rig(new DeclaredSecrets());
  const certificates = [{ kind: "File", certificate: "/nowhere/tls.crt", key: "/nowhere/tls.key" }] as const;
  await rig.keeper.follow(tableFor({ certificates }));
  assert.match(
    rig.faultsOf({ certificates })?.join() ?? "",
    /^File \/nowhere\/tls.crt cannot be used as it cannot be read/,
  );
});
