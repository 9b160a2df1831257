/** ClientHellos, field by field. */

const uint = (size: number, value: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
};

/** Bytes behind their length, which takes `size` bytes. */
export const sized = (size: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint(size, body.length), body]);
};

export const extension = (type: number, data: Buffer): Buffer => Buffer.concat([uint(2, type), sized(2, data)]);

export const serverName = (name: string | Buffer): Buffer =>
  extension(0, sized(2, Buffer.concat([uint(1, 0), sized(2, Buffer.from(name))])));

export const alpn = (...protocols: readonly string[]): Buffer =>
  extension(16, sized(2, ...protocols.map((protocol) => sized(1, Buffer.from(protocol)))));

/** The handshake message; `extensions` undefined: it ends before them, as in TLS 1.0. */
export function message(extensions: readonly Buffer[] | undefined, suites = "1301"): Buffer {
  const body = [
    Buffer.from("0303", "hex"),
    Buffer.alloc(32, 7),
    sized(1, Buffer.alloc(32, 9)),
    sized(2, Buffer.from(suites, "hex")),
    sized(1, Buffer.from([0])),
    ...(extensions === undefined ? [] : [sized(2, ...extensions)]),
  ];
  return Buffer.concat([Buffer.from([1]), sized(3, ...body)]);
}

/** Puts a message into records of at most `size` bytes. */
export function records(whole: Buffer, size = 16384): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < whole.length; at += size) {
    parts.push(Buffer.from("160301", "hex"), sized(2, whole.subarray(at, at + size)));
  }
  return Buffer.concat(parts);
}

export const hello = (...extensions: readonly Buffer[]): Buffer => records(message(extensions));
