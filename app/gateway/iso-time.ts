/** The second that was asked for last, as connections come in the order of time. */
let second = NaN;
let prefix = "";

/** As `Date.toISOString` has it, for times of which many share a second. */
export function isoTime(time: Date): string {
  const milliseconds = time.getTime();
  const whole = Math.floor(milliseconds / 1000);
  if (whole !== second) {
    prefix = time.toISOString().slice(0, -4);
    second = whole;
  }
  return `${prefix}${String(milliseconds - whole * 1000).padStart(3, "0")}Z`;
}
