import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Connection } from "../../../../local/plugins/kubernetes/connection.ts";
import type { OperationContext } from "../../../../local/plugins/kubernetes/operations/context.ts";
import { create } from "../../../../local/plugins/kubernetes/operations/create.ts";
import { remove } from "../../../../local/plugins/kubernetes/operations/delete.ts";
import { read } from "../../../../local/plugins/kubernetes/operations/read.ts";
import { update } from "../../../../local/plugins/kubernetes/operations/update.ts";
import { readSettings } from "../../../../local/plugins/kubernetes/settings.ts";
import {
  InitializationError,
  type PropertyMap,
  Secret,
  Unknown,
  unknownString,
} from "../../../../local/plugins/provider/index.ts";
import { type Answer, type Asked, FakeApiServer, notFound, Refusal, Stream } from "./api-server.ts";
import { recordingLog } from "./log.ts";

function contextOf(
  connection: Connection,
  provider: PropertyMap = {},
): OperationContext & { readonly log: ReturnType<typeof recordingLog> } {
  return {
    connection,
    settings: readSettings(provider, {}),
    log: recordingLog(),
    cancelled: new AbortController().signal,
  };
}

const type = "kubernetes:core/v1:ConfigMap";
const resource = { urn: `urn:pulumi:s::p::${type}::a`, name: "a", type };
const inputs: PropertyMap = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "apps" },
  data: { key: "value" },
};
const live: PropertyMap = { ...inputs, metadata: { name: "a", namespace: "apps", uid: "u", resourceVersion: "1" } };
const state: PropertyMap = {
  ...live,
  __inputs: inputs,
  __initialApiVersion: "v1",
  __fieldManager: "pulumi-kubernetes-0badcafe",
};
const path = "/api/v1/namespaces/apps/configmaps";

/** Answers by method, and by path where that is not the object itself. */
function answering(answers: Readonly<Record<string, Answer | ((asked: Asked) => Answer)>>): (asked: Asked) => Answer {
  return (asked) => {
    const answer = asked.query.has("watch")
      ? answers.WATCH
      : (answers[`${asked.method} ${asked.path}`] ?? answers[asked.method]);
    return typeof answer === "function"
      ? (answer as (asked: Asked) => Answer)(asked)
      : (answer ?? new Refusal(500, "InternalError", `${asked.method} ${asked.path} was not expected`));
  };
}

suite("Create", () => {
  const request = { ...resource, properties: inputs, timeout: 0, preview: false };

  test("posts under the common manager and gives the resource one of its own", async () => {
    await using server = await FakeApiServer.start(answering({ POST: live }));
    const { id, properties } = await create(request, contextOf(server.connection));
    assert.equal(id, "apps/a");
    assert.match(String(properties.__fieldManager), /^pulumi-kubernetes-[0-9a-f]{8}$/);
    assert.deepEqual(properties, { ...state, __fieldManager: properties.__fieldManager });
    assert.equal(server.asked[0]?.query.get("fieldManager"), "pulumi-kubernetes");
    assert.deepEqual(server.asked[0].body, inputs);
  });

  test("in a preview asks for a dry run and leaves the status out", async () => {
    await using server = await FakeApiServer.start(answering({ POST: { ...live, status: { phase: "x" } } }));
    const { id, properties } = await create({ ...request, preview: true }, contextOf(server.connection));
    assert.equal(id, "");
    assert.equal(properties.status, undefined);
    assert.equal(server.asked[0]?.query.get("dryRun"), "All");
  });

  test("in a preview gives back what cannot be computed yet", async () => {
    await using server = await FakeApiServer.start(answering({ POST: notFound("namespaces", "apps") }));
    const context = contextOf(server.connection);
    assert.deepEqual(await create({ ...request, preview: true }, context), { id: "", properties: inputs });
    const unknown = { ...inputs, data: new Unknown(unknownString) };
    assert.deepEqual(await create({ ...request, preview: true, properties: unknown }, context), {
      id: "",
      properties: unknown,
    });
    const custom = { ...inputs, apiVersion: "example.com/v1", kind: "Thing" };
    assert.deepEqual(await create({ ...request, preview: true, properties: custom }, context), {
      id: "",
      properties: custom,
    });
    assert.deepEqual(context.log.lines, []);
  });

  test("says what to do about an object that exists", async () => {
    await using server = await FakeApiServer.start(
      answering({ POST: new Refusal(409, "AlreadyExists", 'configmaps "a" already exists') }),
    );
    const context = contextOf(server.connection);
    await assert.rejects(create(request, context), (error: Error) => {
      assert.ok(
        error.message.startsWith(
          `resource "${resource.urn}" was not successfully created by the Kubernetes API server: configmaps "a" already exists\n\nThe resource already exists in the cluster. This can happen when:\n\n  - Renaming a Pulumi resource:`,
        ),
      );
      return true;
    });
    assert.deepEqual(context.log.lines, ['~ Retry #0; creation failed: configmaps "a" already exists']);
  });

  test("waits for a namespace that is made at the same time", async () => {
    const answers: Answer[] = [notFound("namespaces", "apps"), live];
    await using server = await FakeApiServer.start(answering({ POST: () => answers.shift() }));
    assert.equal((await create(request, contextOf(server.connection))).id, "apps/a");
  });

  test("applies where objects may be adopted", async () => {
    await using server = await FakeApiServer.start(answering({ PATCH: live }));
    await create(request, contextOf(server.connection, { upsertExistingObjects: "true", enablePatchForce: "true" }));
    assert.equal(server.asked[0]?.contentType, "application/apply-patch+yaml");
    assert.equal(server.asked[0].query.get("force"), "true");
  });

  test("keeps secrets secret in the state", async () => {
    await using server = await FakeApiServer.start(answering({ POST: live }));
    const { properties } = await create(
      { ...request, properties: { ...inputs, data: { key: new Secret("value") } } },
      contextOf(server.connection),
    );
    assert.deepEqual(properties.data, { key: new Secret("value") });
    assert.deepEqual((properties.__inputs as PropertyMap).data, { key: new Secret("value") });
  });

  test("without a cluster is refused, and previewed as it is", async () => {
    const context = contextOf(new Connection(undefined, "no route", "default"));
    await assert.rejects(create(request, context), {
      message: "configured Kubernetes cluster is unreachable: no route",
    });
    assert.deepEqual(await create({ ...request, preview: true }, context), { id: "", properties: inputs });
  });
});

suite("Update", () => {
  const news: PropertyMap = { ...inputs, data: { key: "new" } };
  const request = {
    ...resource,
    id: "apps/a",
    olds: state,
    news,
    oldInputs: inputs,
    ignoreChanges: [],
    timeout: 0,
    preview: false,
  };
  const created: PropertyMap = {
    ...live,
    metadata: {
      ...(live.metadata as PropertyMap),
      managedFields: [
        {
          manager: "pulumi-kubernetes",
          operation: "Update",
          apiVersion: "v1",
          fieldsType: "FieldsV1",
          fieldsV1: { "f:data": { "f:key": {} } },
        },
      ],
    },
  };

  test("takes over the fields of the create, then applies under the resource's own manager", async () => {
    await using server = await FakeApiServer.start(answering({ GET: created, PATCH: { ...created, data: news.data } }));
    await update(request, contextOf(server.connection));
    const [, takeOver, apply] = server.asked;
    assert.equal(takeOver?.contentType, "application/json-patch+json");
    assert.deepEqual(takeOver.body, [
      {
        op: "replace",
        path: "/metadata/managedFields",
        value: [
          {
            manager: "pulumi-kubernetes-0badcafe",
            operation: "Apply",
            apiVersion: "v1",
            fieldsType: "FieldsV1",
            fieldsV1: { "f:data": { "f:key": {} } },
          },
        ],
      },
    ]);
    assert.equal(apply?.query.get("fieldManager"), "pulumi-kubernetes-0badcafe");
    assert.equal(apply.query.get("force"), "false");
  });

  test("in a preview changes no managers, and so forces", async () => {
    await using server = await FakeApiServer.start(answering({ GET: created, PATCH: created }));
    await update({ ...request, preview: true }, contextOf(server.connection));
    assert.deepEqual(
      server.asked.map(({ method, query }) => [method, query.get("dryRun"), query.get("force")]),
      [
        ["GET", null, null],
        ["PATCH", "All", "true"],
      ],
    );
  });

  test("tells who holds a field in a conflict, and keeps the state", async () => {
    const conflict = new Refusal(409, "Conflict", 'Apply failed with 1 conflict: conflict with "other": .data.key');
    await using server = await FakeApiServer.start(answering({ GET: live, PATCH: conflict }));
    await assert.rejects(update(request, contextOf(server.connection)), (error) => {
      assert.ok(error instanceof InitializationError);
      assert.match(
        error.message,
        /^the Kubernetes API server reported that "apps\/a" failed to fully initialize or become live: server-side apply field conflict detected, see /,
      );
      assert.match(
        error.message,
        /The resource managed by field manager "pulumi-kubernetes-0badcafe" had an apply conflict: Apply failed with 1 conflict/,
      );
      assert.deepEqual(error.properties.data, { key: "value" });
      return true;
    });
  });

  test("leaves an ignored field to its other manager, and keeps one that nobody else has", async () => {
    const shared = {
      ...live,
      data: { key: "theirs", mine: "kept" },
      metadata: {
        ...(live.metadata as PropertyMap),
        managedFields: [{ manager: "other", operation: "Apply", fieldsV1: { "f:data": { "f:key": {} } } }],
      },
    };
    await using server = await FakeApiServer.start(answering({ GET: shared, PATCH: shared }));
    await update(
      { ...request, news: { ...inputs, data: { key: "ours", mine: "new" } }, ignoreChanges: ["data.key", "data.mine"] },
      contextOf(server.connection),
    );
    assert.deepEqual((server.asked.at(-1)?.body as PropertyMap).data, { mine: "kept" });
  });

  test("by client-side apply sends only what has changed", async () => {
    await using server = await FakeApiServer.start(answering({ GET: live, PATCH: live }));
    await update(
      { ...request, news: { ...inputs, data: { other: "1" } } },
      contextOf(server.connection, { enableServerSideApply: "false" }),
    );
    assert.equal(server.asked[1]?.contentType, "application/merge-patch+json");
    assert.deepEqual(server.asked[1].body, { data: { key: null, other: "1" } });
  });

  test("gives up the old manager's fields when the manager changes", async () => {
    await using server = await FakeApiServer.start(answering({ GET: live, PATCH: live }));
    const annotated = {
      ...inputs,
      metadata: { name: "a", namespace: "apps", annotations: { "pulumi.com/patchFieldManager": "mine" } },
    };
    const { properties } = await update({ ...request, news: annotated }, contextOf(server.connection));
    assert.equal(properties.__fieldManager, "mine");
    assert.equal(server.asked.at(-1)?.query.get("fieldManager"), "pulumi-kubernetes-0badcafe");
    assert.deepEqual(server.asked.at(-1)?.body, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "apps" },
    });
  });
});

suite("Read", () => {
  const request = { ...resource, id: "apps/a", properties: state, inputs };

  test("finds drift in what the inputs say, and nothing else", async () => {
    await using server = await FakeApiServer.start(
      answering({ GET: { ...live, data: { key: "drifted", added: "x" } } }),
    );
    const response = await read(request, contextOf(server.connection));
    assert.deepEqual(response.inputs, { ...inputs, data: { key: "drifted" } });
    assert.deepEqual(response.properties.data, { key: "drifted", added: "x" });
    assert.equal(response.properties.__fieldManager, "pulumi-kubernetes-0badcafe");
  });

  test("tells an object that is gone by an empty ID", async () => {
    await using server = await FakeApiServer.start(answering({ GET: notFound("configmaps", "a") }));
    assert.equal((await read(request, contextOf(server.connection))).id, "");
  });

  test("takes a custom resource without its definition for gone", async () => {
    await using server = await FakeApiServer.start(
      answering({ GET: new Refusal(404, "NotFound", "the server could not find the requested resource") }),
    );
    const custom = { ...inputs, apiVersion: "example.com/v1", kind: "Thing" };
    assert.equal((await read({ ...request, inputs: custom }, contextOf(server.connection))).id, "");
  });

  test("without a cluster does as the provider was told", async () => {
    const nowhere = new Connection(undefined, "no route", "default");
    await assert.rejects(read(request, contextOf(nowhere)), /PULUMI_K8S_DELETE_UNREACHABLE/);
    assert.equal((await read(request, contextOf(nowhere, { deleteUnreachable: "true" }))).id, "");
    assert.deepEqual(await read(request, contextOf(nowhere, { skipUpdateUnreachable: "true" })), {
      id: "apps/a",
      properties: state,
      inputs,
    });
  });
});

suite("Delete", () => {
  const request = { ...resource, id: "apps/a", properties: state, oldInputs: inputs, timeout: 0 };
  const list = { apiVersion: "v1", kind: "ConfigMapList", metadata: { resourceVersion: "1" }, items: [] };

  test("waits until the object is gone", async () => {
    const stream = new Stream();
    stream.send("MODIFIED", {
      ...live,
      metadata: { ...(live.metadata as PropertyMap), deletionTimestamp: "2026-01-01T00:00:00Z" },
    });
    stream.send("DELETED", live);
    await using server = await FakeApiServer.start(
      answering({ DELETE: {}, [`GET ${path}`]: { ...list, items: [live] }, GET: live, WATCH: stream }),
    );
    const context = contextOf(server.connection);
    await remove(request, context);
    assert.deepEqual(server.asked[0]?.body, {
      kind: "DeleteOptions",
      apiVersion: "v1",
      propagationPolicy: "Foreground",
    });
    assert.deepEqual(context.log.lines, ["~ Resource scheduled for deletion"]);
  });

  test("of an object that is gone is done", async () => {
    await using server = await FakeApiServer.start(answering({ DELETE: notFound("configmaps", "a") }));
    await remove(request, contextOf(server.connection));
  });

  test("does as the propagation policy says", async () => {
    await using server = await FakeApiServer.start(answering({ DELETE: notFound("configmaps", "a") }));
    const orphaning = {
      ...state,
      __inputs: {
        ...inputs,
        metadata: { name: "a", annotations: { "pulumi.com/deletionPropagationPolicy": "orphan" } },
      },
    };
    await remove({ ...request, properties: orphaning }, contextOf(server.connection));
    assert.equal((server.asked[0]?.body as PropertyMap).propagationPolicy, "Orphan");
  });

  test("of a patch gives up its fields, and never makes an object that is gone", async () => {
    const patch = { ...request, type: "kubernetes:core/v1:ConfigMapPatch" };
    await using server = await FakeApiServer.start(answering({ GET: live, PATCH: live }));
    await remove(patch, contextOf(server.connection));
    assert.deepEqual(
      server.asked.map(({ method }) => method),
      ["GET", "PATCH"],
    );
    await using without = await FakeApiServer.start(answering({ GET: notFound("configmaps", "a") }));
    await remove(patch, contextOf(without.connection));
    assert.equal(without.asked.length, 1);
  });

  test("of what the API server protects gives it up", async () => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } };
    const forbidden = new Refusal(
      403,
      "Forbidden",
      'namespaces "default" is forbidden: this namespace may not be deleted',
    );
    await using server = await FakeApiServer.start(answering({ DELETE: forbidden, PATCH: namespace }));
    await remove(
      {
        ...request,
        id: "default",
        type: "kubernetes:core/v1:Namespace",
        properties: { ...namespace, __inputs: namespace, __fieldManager: "m" },
      },
      contextOf(server.connection),
    );
    assert.equal(server.asked[1]?.query.get("fieldManager"), "m");
  });

  test("that does not come to its end keeps the object in the state", async () => {
    const timeout = {
      ...state,
      __inputs: {
        ...inputs,
        metadata: { name: "a", namespace: "apps", annotations: { "pulumi.com/timeoutSeconds": "0" } },
      },
    };
    const held = { ...live, metadata: { ...(live.metadata as PropertyMap), finalizers: ["example.com/hold"] } };
    await using server = await FakeApiServer.start(
      answering({ DELETE: {}, [`GET ${path}`]: { ...list, items: [held] }, GET: held, WATCH: new Stream() }),
    );
    const context = contextOf(server.connection);
    await assert.rejects(remove({ ...request, properties: timeout }, context), {
      name: "InitializationError",
      message: "timed out waiting for the condition",
    });
    assert.deepEqual(context.log.lines, ["warning: finalizers might be preventing deletion (example.com/hold)"]);
  });
});
