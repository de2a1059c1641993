// The screens and dialogs that no start begins with: a file of its own in the built page.

export { default as BulkBar } from "./BulkBar.svelte";
export { default as BulkHealthDialog } from "./BulkHealthDialog.svelte";
export { default as Clubs } from "./Clubs.svelte";
export { default as ConnectorDetail } from "./ConnectorDetail.svelte";
export { default as ConnectorEditor } from "./ConnectorEditor.svelte";
export { default as DeleteDialog } from "./DeleteDialog.svelte";
export { default as DuplicateDialog } from "./DuplicateDialog.svelte";
export { default as Errors } from "./Errors.svelte";
export { default as ExportHealthDialog } from "./ExportHealthDialog.svelte";
export { default as HealthFilters } from "./HealthFilters.svelte";
export { default as ImportDialog } from "./ImportDialog.svelte";
export { default as Members } from "./Members.svelte";
export { default as Preview } from "./Preview.svelte";
export { default as RunDetail } from "./RunDetail.svelte";
export { default as Runs } from "./Runs.svelte";
export { default as Settings } from "./Settings.svelte";
export { default as TemplateEditor } from "./TemplateEditor.svelte";
export { default as Templates } from "./Templates.svelte";
