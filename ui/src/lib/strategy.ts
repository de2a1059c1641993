// Whose value counts where both sides changed one, in words.

import type { ConflictStrategy } from "../bindings/types";
import { m } from "../paraglide/messages.js";

export const STRATEGIES: Record<ConflictStrategy, () => string> = {
  federation_wins: m.choice_strategy_federation,
  local_wins: m.choice_strategy_club,
  merge: m.choice_strategy_ask,
};
