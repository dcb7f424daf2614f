/** A phone, and the SIM in it where that is known. */
interface Phone {
  deviceId: string;
  /** From 1. */
  simNumber?: number | undefined;
}

/** The pattern of a device's id, which therefore has no slash. */
export const deviceIdPattern = /^[\w-]{1,64}$/;

/** Returns the line of a phone: `<deviceId>` or `<deviceId>/<simNumber>`. */
export const lineOf = ({ deviceId, simNumber }: Phone): string =>
  simNumber === undefined ? deviceId : `${deviceId}/${simNumber}`;

/** Returns the phone of a line. */
export function phoneOf(line: string): Phone {
  const [deviceId = '', simNumber] = line.split('/');
  return simNumber === undefined ? { deviceId } : { deviceId, simNumber: Number(simNumber) };
}
