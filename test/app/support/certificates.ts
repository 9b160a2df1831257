/** Certificates and revocation lists, made for the test that asks. Keys are P-256, as making one takes a millisecond, unless a test is about RSA. */
// The library for certificates builds on it.
import "reflect-metadata";
import { webcrypto, X509Certificate as Parsed } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
} from "@peculiar/x509";

type KeyPair = webcrypto.CryptoKeyPair;

const algorithms = {
  ECDSA: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  RSA: {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  },
} as const;

const DAY = 86_400_000;

/** What a certificate says beyond its defaults: valid since yesterday, until tomorrow. */
export interface CertificateOptions {
  /** Host names, addresses and URIs (with `://`); the common name by default. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly key?: keyof typeof algorithms;
}

/** A certificate with its key, as PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
  readonly parsed: Parsed;
}

let lastSerial = 0;

/** An authority of the test's own. */
export class Authority {
  readonly name: string;
  /** PEM. */
  readonly certificate: string;
  readonly #keys: KeyPair;
  readonly #revoked: string[] = [];

  private constructor(name: string, certificate: string, keys: KeyPair) {
    this.name = name;
    this.certificate = certificate;
    this.#keys = keys;
  }

  static async create(name = "Test authority"): Promise<Authority> {
    const keys = await generate("ECDSA");
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: nextSerial(),
      name: `CN=${name}`,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + DAY),
      keys,
      signingAlgorithm: algorithms.ECDSA,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new Authority(name, certificate.toString("pem"), keys);
  }

  async issue(commonName: string, options: CertificateOptions = {}): Promise<Issued> {
    const { names = [commonName], key = "ECDSA" } = options;
    const { notBefore = new Date(Date.now() - DAY), notAfter = new Date(Date.now() + DAY) } = options;
    const keys = await generate(key);
    const made = await X509CertificateGenerator.create({
      serialNumber: nextSerial(),
      subject: `CN=${commonName}`,
      issuer: `CN=${this.name}`,
      notBefore,
      notAfter,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: algorithms.ECDSA,
      extensions: [
        new BasicConstraintsExtension(false),
        new SubjectAlternativeNameExtension(names.map((value) => ({ type: typeOf(value), value }))),
        await AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
      ],
    });
    const certificate = made.toString("pem");
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return { certificate, key: PemConverter.encode(pkcs8, "PRIVATE KEY"), parsed: new Parsed(certificate) };
  }

  /** Takes a certificate back from the next {@link revocations} on. */
  revoke({ parsed }: Issued): void {
    this.#revoked.push(parsed.serialNumber);
  }

  /** The list of what was revoked, as PEM. */
  async revocations(): Promise<string> {
    const list = await X509CrlGenerator.create({
      issuer: `CN=${this.name}`,
      thisUpdate: new Date(Date.now() - DAY),
      nextUpdate: new Date(Date.now() + DAY),
      entries: this.#revoked.map((serialNumber) => ({ serialNumber, revocationDate: new Date(Date.now() - DAY) })),
      signingAlgorithm: algorithms.ECDSA,
      signingKey: this.#keys.privateKey,
    });
    return PemConverter.encode(list.rawData, "X509 CRL");
  }
}

function generate(key: keyof typeof algorithms): Promise<KeyPair> {
  return webcrypto.subtle.generateKey(algorithms[key], true, ["sign", "verify"]);
}

function nextSerial(): string {
  return (++lastSerial + 0x1000).toString(16);
}

function typeOf(name: string): "dns" | "ip" | "url" {
  if (name.includes("://")) return "url";
  return /^[0-9.]+$|:/.test(name) ? "ip" : "dns";
}
