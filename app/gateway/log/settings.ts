import type { AccessLogSettings } from "./access-log.ts";
import { defaultTemplate, formatJson, parseFormat } from "./format.ts";

export const accessLogFormats = ["json", "text", "off"] as const;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What the access log is to be like, from the environment: `ACCESS_LOG` is `json` (the default), `text` or `off`; `ACCESS_LOG_FORMAT` is the template of `text`; `ACCESS_LOG_START` is `true`
 * for a line at a connection's start, too.
 *
 * @throws with the variable's name and what it may be
 */
export function readAccessLog(variables: Variables): AccessLogSettings {
  const kind = variables["ACCESS_LOG"] || "json";
  const template = variables["ACCESS_LOG_FORMAT"] || undefined;
  const start = variables["ACCESS_LOG_START"] || "false";
  if (start !== "true" && start !== "false")
    throw new Error(`Cannot start as ACCESS_LOG_START is ${JSON.stringify(start)}: choose one of true, false`);
  if (template !== undefined && kind !== "text")
    throw new Error(
      `Cannot start as ACCESS_LOG_FORMAT is for ACCESS_LOG text, and that is ${kind}: leave one of them out`,
    );
  switch (kind) {
    case "json":
      return { format: formatJson, start: start === "true" };
    case "text":
      return { format: readTemplate(template ?? defaultTemplate), start: start === "true" };
    case "off":
      return { format: undefined, start: false };
    default:
      throw new Error(
        `Cannot start as ACCESS_LOG is ${JSON.stringify(kind)}: choose one of ${accessLogFormats.join(", ")}`,
      );
  }
}

function readTemplate(template: string): AccessLogSettings["format"] {
  try {
    return parseFormat(template);
  } catch (error) {
    throw new Error(`Cannot start as in ACCESS_LOG_FORMAT ${(error as Error).message}`, { cause: error });
  }
}
