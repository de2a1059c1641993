// Words of what a person decided for later syncs.

import type { MatchChoiceView } from "../bindings/types";
import { m } from "../paraglide/messages.js";
import { memberName } from "./plan";

/** Who a record was said to be of. */
export function choiceWords(one: MatchChoiceView): string {
  if (one.choice === "leave") return m.choice_was_left();
  if (one.member === null) return one.choice === "new" ? m.choice_was_new_nobody() : m.choice_was_gone();
  const name = memberName(one.member.values);
  return one.choice === "new" ? m.choice_was_new({ name }) : m.choice_was_member({ name });
}
