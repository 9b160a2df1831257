/** What a person can mend: the message says what is wrong and what to do. It is printed without a stack, and the exit status is 2. */
export class Failure extends Error {
  override readonly name = "Failure";
}
