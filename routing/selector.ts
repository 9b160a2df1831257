type Labels = Readonly<Record<string, string>>;

/** Whether labels hold all that a selector asks for; an empty selector asks for nothing. */
export function selects(selector: Labels | null | undefined, labels: Labels): boolean {
  if (selector === undefined || selector === null) return true;
  for (const name in selector) {
    if (labels[name] !== selector[name]) return false;
  }
  return true;
}

/** As Istio's messages write a selector: `app=echo,version=v1`. */
export function formatSelector(selector: Labels | null | undefined): string {
  return Object.entries(selector ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}
