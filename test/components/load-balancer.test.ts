import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  annotationsOf,
  keepaliveSecondsOf,
  noticeSeconds,
  type LoadBalancerPreset,
} from "../../components/ingress/load-balancer.ts";
import { servicePorts } from "../../components/ingress/ports.ts";

const presets: readonly LoadBalancerPreset[] = ["aws", "gcp", "azure", "metallb", "none"];

suite("load balancer presets", () => {
  test("aws: health checks on the readiness port, the client's address kept, idle timeout as Istio's", () => {
    const annotations = annotationsOf({ preset: "aws" }, [31400, 31401], false);
    const prefix = "service.beta.kubernetes.io/aws-load-balancer-";
    assert.deepEqual(annotations, {
      [`${prefix}type`]: "external",
      [`${prefix}nlb-target-type`]: "ip",
      [`${prefix}scheme`]: "internet-facing",
      [`${prefix}target-group-attributes`]: "preserve_client_ip.enabled=true",
      [`${prefix}healthcheck-protocol`]: "http",
      [`${prefix}healthcheck-port`]: "15021",
      [`${prefix}healthcheck-path`]: "/healthz/ready",
      [`${prefix}healthcheck-interval`]: "10",
      [`${prefix}healthcheck-healthy-threshold`]: "2",
      [`${prefix}healthcheck-unhealthy-threshold`]: "2",
      [`${prefix}listener-attributes.TCP-31400`]: "tcp.idle_timeout.seconds=3600",
      [`${prefix}listener-attributes.TCP-31401`]: "tcp.idle_timeout.seconds=3600",
    });
  });

  test("aws: internal and dual-stack", () => {
    const annotations = annotationsOf({ preset: "aws", internal: true }, [], true);
    assert.equal(annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"], "internal");
    assert.equal(annotations["service.beta.kubernetes.io/aws-load-balancer-ip-address-type"], "dualstack");
  });

  test("gcp: a passthrough load balancer, external or internal", () => {
    assert.deepEqual(annotationsOf({ preset: "gcp" }, [31400], false), { "cloud.google.com/l4-rbs": "enabled" });
    assert.deepEqual(annotationsOf({ preset: "gcp", internal: true }, [31400], false), {
      "networking.gke.io/load-balancer-type": "Internal",
    });
  });

  test("azure: the longest idle timeout, external or internal", () => {
    const timeout = { "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": "30" };
    assert.deepEqual(annotationsOf({ preset: "azure" }, [31400], false), timeout);
    assert.deepEqual(annotationsOf({ preset: "azure", internal: true }, [31400], false), {
      ...timeout,
      "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
    });
  });

  test("metallb and none: nothing but what is given", () => {
    for (const preset of ["metallb", "none"] as const) {
      assert.deepEqual(annotationsOf({ preset, annotations: { a: "b" } }, [31400], false), { a: "b" });
    }
  });

  test("given annotations win", () => {
    assert.equal(
      annotationsOf({ preset: "gcp", annotations: { "cloud.google.com/l4-rbs": "no" } }, [], false)[
        "cloud.google.com/l4-rbs"
      ],
      "no",
    );
  });

  test("a draining pod serves for longer where the load balancer asks seldom", () => {
    assert.deepEqual(
      presets.map((preset) => noticeSeconds({ preset })),
      [146, 30, 20, 5, 5],
    );
  });

  test("silent connections are probed twice before a cloud cuts them (350 s, 10 min, 4 min)", () => {
    assert.deepEqual(
      presets.map((preset) => keepaliveSecondsOf({ preset })),
      [240, 480, 150, 0, 0],
    );
    assert.equal(keepaliveSecondsOf({}), 0);
    assert.equal(keepaliveSecondsOf({ preset: "azure", keepaliveSeconds: 60 }), 60);
    assert.equal(keepaliveSecondsOf({ preset: "azure", keepaliveSeconds: 0 }), 0);
  });
});

suite("ports of the load balancer", () => {
  test("below 1024 reach the pod on a port that needs no privilege", () => {
    assert.deepEqual(servicePorts([22]), [{ name: "tcp-22", protocol: "TCP", port: 22, targetPort: 20022 }]);
  });

  test("that meet in the pod are refused", () => {
    assert.throws(() => servicePorts([22, 20022]), {
      name: "RangeError",
      message: "Cannot open port 20022 beside port 22 as the gateway listens on 20022 for both. Choose another port",
    });
  });

  test("of the gateway itself are refused", () => {
    assert.throws(() => servicePorts([15021]), {
      name: "RangeError",
      message:
        "Cannot open port 15021 as the gateway itself needs it (15021 health, 15020 metrics, 15000 admin). Choose another port",
    });
  });

  test("that are no ports are refused", () => {
    for (const port of [0, 65_536, 1.5]) assert.throws(() => servicePorts([port]), RangeError);
  });
});
