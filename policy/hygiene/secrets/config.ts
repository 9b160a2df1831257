import * as z from "zod";

const names = z.array(z.string().min(1)).default([]);

/** The config of each policy that looks for secrets. */
export const secretNames = {
  secret: names.describe(
    "More names whose values are secrets, whatever their case; `*` stands for anything (`*_seed`)",
  ),
  exempt: names.describe("Names whose values are none, and are not looked at"),
};
