/** Helpers of cases that take files of other programs apart and put them together again. Printed with a finding like those of helpers.ts. */

/** The entries of a zip archive, unpacked. */
export function unzipped(bytes: Uint8Array): Record<string, Uint8Array<ArrayBuffer>> {
  const { inflateRawSync } = process.getBuiltinModule('node:zlib');
  const view = Buffer.from(bytes);
  const end = view.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  let at = view.readUInt32LE(end + 16);
  for (let k = view.readUInt16LE(end + 10); k > 0; k--) {
    const name = view.readUInt16LE(at + 28);
    const local = view.readUInt32LE(at + 42);
    const begin = local + 30 + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
    const packed = view.subarray(begin, begin + view.readUInt32LE(at + 20));
    const content = view.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    files[view.toString('utf8', at + 46, at + 46 + name)] = new Uint8Array(content);
    at += 46 + name + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return files;
}

/** A zip archive of these entries, stored, with the right checksums: what is in an entry is read, whatever it is. */
export function zipped(files: Record<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const crc = (content: Uint8Array): number => {
    let rest = -1;
    for (const byte of content) {
      rest ^= byte;
      for (let k = 0; k < 8; k++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
    }
    return ~rest >>> 0;
  };
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc(content), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const local = [Buffer.from('PK\x03\x04'), fields, name, Buffer.from(content)];
    directory.push(Buffer.from('PK\x01\x02\x14\0'), fields, place, name);
    parts.push(...local);
    at += 30 + name.length + content.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}

/** A safetensors file whose header has been changed. */
export function reheaded(
  bytes: Uint8Array,
  change: (header: any) => void,
): Uint8Array<ArrayBuffer> {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeUInt32LE(text.length);
  return new Uint8Array(Buffer.concat([size, text, bytes.subarray(8 + length)]));
}
