// A template under way: the form and the text of one draft, kept in step by the program, with its mistakes and what it makes
// of the samples.

import type { FieldError, TemplateForm, TemplateSamplesView, TemplateTryView, TemplateView } from "../bindings/types";
import { templates } from "../ipc";

/** How long nobody must have typed before the program is asked, in milliseconds. */
const QUIET_MS = 200;

export const NEW_TEMPLATE: TemplateForm = { id: "", name: "", country: "IE", date_order: "day_first", fields: [], status_words: [], gender_words: [], lookups: [] };

export class TemplateDraftState {
  form = $state<TemplateForm>(structuredClone(NEW_TEMPLATE));
  text = $state("");
  asText = $state(false);
  samples = $state.raw<TemplateSamplesView | null>(null);
  tried = $state.raw<TemplateTryView | null>(null);
  /** Mistakes that only saving finds, e.g. an identifier that is taken. */
  refused = $state.raw<FieldError[]>([]);
  /** Somebody has pressed Save since the draft was begun. */
  wanted = $state(false);
  /** The version that the person started from. */
  version: number | null = null;
  private clean = $state("");
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts questions; an answer that was overtaken is dropped. */
  private asked = 0;

  readonly mistakes = $derived<FieldError[]>([...(this.tried?.mistakes ?? []), ...this.refused]);
  /** Those that are shown where they belong: what is only missing yet is told once somebody wants to save. */
  readonly shown = $derived<FieldError[]>(this.wanted ? this.mistakes : this.mistakes.filter((mistake) => mistake.rule !== "required" && (mistake.field !== "id" || this.form.id !== "")));
  readonly dirty = $derived(this.fingerprint() !== this.clean);

  private fingerprint(): string {
    return this.asText ? `text ${this.text}` : `form ${JSON.stringify(this.form)}`;
  }

  start(form: TemplateForm, text: string): void {
    this.form = structuredClone(form);
    this.text = text;
    this.refused = [];
    this.wanted = false;
    this.keepClean();
  }

  saved(view: TemplateView): void {
    this.version = view.template.version;
    this.start(view.form, view.toml);
  }

  keepClean(): void {
    this.clean = this.fingerprint();
  }

  get draft() {
    return this.asText ? { kind: "text" as const, toml: this.text } : { kind: "form" as const, form: $state.snapshot(this.form) };
  }

  /** Asks the program in a moment, once nobody types. `onfail` is told where it cannot be asked at all. */
  askSoon(onfail: (refusal: unknown) => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask().catch(onfail), this.tried === null ? 0 : QUIET_MS);
  }

  async ask(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const fromText = this.asText;
    const tried = await templates.try({ draft: this.draft, version: this.version, samples: this.samples?.id ?? null });
    if (mine !== this.asked || fromText !== this.asText) return;
    this.tried = tried;
    if (tried.samples_gone) this.samples = null;
    // The other of the two forms follows.
    if (!fromText) this.text = tried.toml;
    else if (tried.form !== null) this.form = tried.form;
  }

  /** Shows the other form; false where the text is no template that a form could show. */
  async show(asText: boolean): Promise<boolean> {
    if (asText === this.asText) return true;
    clearTimeout(this.timer);
    await this.ask();
    if (!asText && this.tried?.form === null) return false;
    const dirty = this.dirty;
    this.asText = asText;
    if (!dirty) this.keepClean();
    return true;
  }

  end(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    if (this.samples !== null) void templates.dropSamples();
  }
}
