// Failure classes as a person reads them: a word, what it means for the club, what to do. Exhaustive over the wire's set.

import type { CheckEvery, ErrorSource, FailureClass } from "../bindings/types";
import { m } from "../paraglide/messages.js";
import type { Sign } from "./status";

export interface ClassText extends Sign {
  means: () => string;
  todo: () => string;
}

export const CLASSES: Record<FailureClass, ClassText> = {
  needs_sign_in: { word: m.health_class_needs_sign_in, icon: "key", tone: "bad", means: m.health_class_needs_sign_in_means, todo: m.health_class_needs_sign_in_todo },
  bad_credentials: { word: m.health_class_bad_credentials, icon: "octagon", tone: "bad", means: m.health_class_bad_credentials_means, todo: m.health_class_bad_credentials_todo },
  bad_configuration: { word: m.health_class_bad_configuration, icon: "sliders", tone: "bad", means: m.health_class_bad_configuration_means, todo: m.health_class_bad_configuration_todo },
  not_found: { word: m.health_class_not_found, icon: "search", tone: "bad", means: m.health_class_not_found_means, todo: m.health_class_not_found_todo },
  forbidden: { word: m.health_class_forbidden, icon: "shield", tone: "bad", means: m.health_class_forbidden_means, todo: m.health_class_forbidden_todo },
  rate_limited: { word: m.health_class_rate_limited, icon: "clock", tone: "idle", means: m.health_class_rate_limited_means, todo: m.health_class_rate_limited_todo },
  federation_down: { word: m.health_class_federation_down, icon: "hourglass", tone: "idle", means: m.health_class_federation_down_means, todo: m.health_class_federation_down_todo },
  bad_answer: { word: m.health_class_bad_answer, icon: "brackets", tone: "idle", means: m.health_class_bad_answer_means, todo: m.health_class_bad_answer_todo },
  offline: { word: m.health_class_offline, icon: "signalOff", tone: "idle", means: m.health_class_offline_means, todo: m.health_class_offline_todo },
  locked: { word: m.health_class_locked, icon: "lock", tone: "warn", means: m.health_class_locked_means, todo: m.health_class_locked_todo },
  cancelled: { word: m.health_class_cancelled, icon: "paused", tone: "idle", means: m.health_class_cancelled_means, todo: m.health_class_cancelled_todo },
  internal: { word: m.health_class_internal, icon: "triangle", tone: "warn", means: m.health_class_internal_means, todo: m.health_class_internal_todo },
};

export const SOURCES: Record<ErrorSource, () => string> = {
  request: m.health_source_request,
  test: m.health_source_test,
  check: m.health_source_check,
  sign_in: m.health_source_sign_in,
  sync: m.health_source_sync,
};

/** How often a connector is checked by itself. */
export const CHECK_RHYTHMS: Record<CheckEvery, () => string> = {
  off: m.health_every_off,
  quarter_hour: m.health_every_quarter,
  hour: m.health_every_hour,
  six_hours: m.health_every_six,
  day: m.health_every_day,
};
