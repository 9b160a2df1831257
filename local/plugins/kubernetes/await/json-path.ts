import { isPropertyArray, isPropertyMap, type PropertyValue } from "../../provider/index.ts";

type Step = (value: PropertyValue) => readonly PropertyValue[];

const children: Step = (value) => (isPropertyArray(value) ? value : isPropertyMap(value) ? Object.values(value) : []);
const child =
  (name: string): Step =>
  (value) => {
    const found = isPropertyMap(value) ? value[name] : undefined;
    return found === undefined ? [] : [found];
  };
const element =
  (index: number): Step =>
  (value) => {
    const found = isPropertyArray(value) ? value.at(index) : undefined;
    return found === undefined ? [] : [found];
  };

/** One step of a path: `.name`, `.*`, `['name']`, `[0]`, `[*]` or `[?(@.name=="value")]`. */
const stepPattern =
  /\.(?<name>[\p{L}_][\p{L}\p{N}_-]*|\*)|\[\s*(?:'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)"|(?<index>-?\d+)|(?<any>\*)|\?\s*\(?\s*@(?<filter>(?:\.[\w-]+)+)\s*(?<operator>==|!=)\s*(?:'(?<singleValue>[^']*)'|"(?<doubleValue>[^"]*)"|(?<bare>[\w.-]+))\s*\)?)\s*\]/uy;

/**
 * Compiles a JSONPath (RFC 9535), as far as people use it to look into an object's status: names, positions, wildcards and comparisons of elements with
 * a literal. Returns what the path selects.
 */
export function compileJsonPath(path: string): Step {
  const text = path.replace(/^\$/, "");
  const steps: Step[] = [];
  for (let position = 0; position < text.length;) {
    stepPattern.lastIndex = position;
    const match = stepPattern.exec(text);
    if (match === null)
      throw new Error(
        `Cannot read the JSONPath "${path}" at "${text.slice(position)}": use names, positions, [*] and [?(@.name=="value")]`,
      );
    position += match[0].length;
    steps.push(stepOf(match.groups ?? {}));
  }
  return (value) => steps.reduce<readonly PropertyValue[]>((selected, step) => selected.flatMap(step), [value]);
}

function stepOf(groups: Readonly<Record<string, string | undefined>>): Step {
  const { name, single, double, index, filter, operator } = groups;
  if (name !== undefined) return name === "*" ? children : child(name);
  const quoted = single ?? double;
  if (quoted !== undefined) return child(quoted.replaceAll(/\\(.)/g, "$1"));
  if (index !== undefined) return element(Number(index));
  if (filter === undefined) return children;
  const selected = compileJsonPath(filter);
  const literal = groups.singleValue ?? groups.doubleValue ?? groups.bare ?? "";
  return (value) =>
    children(value).filter(
      (candidate) => selected(candidate).some((found) => String(found) === literal) === (operator === "=="),
    );
}
