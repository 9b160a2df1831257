import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { matchesAny } from "../../../policy/kit/wildcard.ts";

suite("a pattern", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["abc", "abc", true],
    ["abc", "abcd", false],
    ["abc", "ABC", false],
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["*", "anything at all", true],
    ["a*", "a", true],
    ["a*", "ba", false],
    ["*a", "ba", true],
    ["*a*", "bab", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["*ab*b", "ab", false],
    ["*ab*ab", "abab", true],
    ["a.c", "abc", false],
    ["(a+)+*", "(a+)+$", true],
  ];
  for (const [pattern, text, expected] of cases) {
    test(`${JSON.stringify(pattern)} ${expected ? "is" : "is not"} for ${JSON.stringify(text)}`, () => {
      assert.equal(matchesAny([pattern], text), expected);
    });
  }

  test("is one of several", () => {
    assert.equal(matchesAny(["a", "b*"], "bc"), true);
    assert.equal(matchesAny([], "bc"), false);
  });

  test("means what the regular expression with .* in place of * means", () => {
    const pattern = fc.array(fc.constantFrom("a", "b", "*"), { maxLength: 8 }).map((parts) => parts.join(""));
    const text = fc.array(fc.constantFrom("a", "b"), { maxLength: 10 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, text, (pattern, text) => {
        assert.equal(matchesAny([pattern], text), new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text));
      }),
      { numRuns: 1000 },
    );
  });
});
