import { inflateSync } from 'node:zlib';

const woffHeader = 44;
const woffEntry = 20;
const sfntHeader = 12;
const sfntEntry = 16;

/**
 * The TrueType or OpenType font inside a WOFF file, whose tables are the same, each deflated by itself
 * (https://www.w3.org/TR/WOFF/). Throws `RangeError` for anything else.
 */
export function woffToSfnt(woff: Buffer): Buffer {
  if (woff.length < woffHeader || woff.toString('latin1', 0, 4) !== 'wOFF')
    throw new RangeError('not a WOFF font');
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, index) => {
    const entry = woffHeader + index * woffEntry;
    const [offset, packedLength, length] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at));
    if (offset === undefined || packedLength === undefined || length === undefined)
      throw new RangeError('not a WOFF font');
    const packed = woff.subarray(offset, offset + packedLength);
    return {
      tag: woff.subarray(entry, entry + 4),
      checksum: woff.readUInt32BE(entry + 16),
      // What deflating made no smaller stands as it is.
      data: packedLength < length ? inflateSync(packed, { maxOutputLength: length }) : packed,
    };
  });
  const header = Buffer.alloc(sfntHeader + count * sfntEntry);
  const selector = Math.floor(Math.log2(count));
  woff.copy(header, 0, 4, 8);
  header.writeUInt16BE(count, 4);
  header.writeUInt16BE(2 ** selector * sfntEntry, 6);
  header.writeUInt16BE(selector, 8);
  header.writeUInt16BE((count - 2 ** selector) * sfntEntry, 10);
  const parts: Buffer[] = [header];
  let offset = header.length;
  for (const [index, { tag, checksum, data }] of tables.entries()) {
    const entry = sfntHeader + index * sfntEntry;
    tag.copy(header, entry);
    header.writeUInt32BE(checksum, entry + 4);
    header.writeUInt32BE(offset, entry + 8);
    header.writeUInt32BE(data.length, entry + 12);
    const padding = Buffer.alloc((4 - (data.length % 4)) % 4);
    parts.push(data, padding);
    offset += data.length + padding.length;
  }
  return Buffer.concat(parts);
}
