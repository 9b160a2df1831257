import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyServiceEntries } from "../../../routing/analyze/empty-service-entries.ts";
import { documents, findings } from "../support.ts";

const entry = (more: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: default}
spec:
  hosts: [db.example.org]
  ports: [{number: 1, name: tcp, protocol: TCP}]
  ${more}`;

const workload = (labels: string) => `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: w, namespace: default}
spec: {address: 10.0.0.1, labels: {${labels}}}`;

test("TCP0024: static endpoints, and none is declared", () => {
  assert.deepEqual(findings(emptyServiceEntries, entry("resolution: STATIC")), [
    "Warning TCP0024 ServiceEntry default/db test.yaml:7: Connections to its hosts are refused as it has resolution STATIC and no endpoints. Add endpoints, or a workloadSelector",
  ]);
});

test("TCP0024: a workloadSelector that selects nothing", () => {
  const selecting = entry("workloadSelector: {labels: {app: db}}");
  assert.deepEqual(findings(emptyServiceEntries, documents(selecting, workload("app: other"))), [
    "Warning TCP0024 ServiceEntry default/db test.yaml:7: Connections to its hosts are refused as workloadSelector app=db selects no WorkloadEntry of namespace default. Correct the labels, or add the WorkloadEntry",
  ]);
  assert.deepEqual(findings(emptyServiceEntries, documents(selecting, workload("app: db"))), []);
});

test("endpoints, and a name for DNS, are fine", () => {
  assert.deepEqual(findings(emptyServiceEntries, entry("resolution: STATIC\n  endpoints: [{address: 10.0.0.1}]")), []);
  assert.deepEqual(findings(emptyServiceEntries, entry("resolution: DNS")), []);
});
