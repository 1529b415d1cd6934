// A camera picture as it is sent: 4 bytes "CF01", a number, the capture time in milliseconds, then a JPEG.

const HEAD_BYTES = 16;
const MAGIC = 0x31304643; // "CF01", little-endian

export function packFrame(number, capturedMs, jpeg) {
  const data = new Uint8Array(HEAD_BYTES + jpeg.byteLength);
  const head = new DataView(data.buffer);
  head.setUint32(0, MAGIC, true);
  head.setUint32(4, number, true);
  head.setFloat64(8, capturedMs, true);
  data.set(new Uint8Array(jpeg), HEAD_BYTES);
  return data;
}

export function unpackFrame(data) {
  return { capturedMs: new DataView(data).getFloat64(8, true), jpeg: data.slice(HEAD_BYTES) };
}
