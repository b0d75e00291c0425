/*
 * policy_lint.c - sluice policy lint: everything wrong or unwise in a policy file.
 */
#include <string.h>

#include "ui-cli/commands.h"

static void print_note(const struct sl_note *note)
{
	const struct sl_err *what = &note->what;

	sl_say_told(stdout, what->file);
	if (what->line)
		printf(":%u:%u", what->line, what->col);
	fputs(note->kind == SL_NOTE_WARNING ? ": warning: " : ": error: ", stdout);
	sl_say_told(stdout, what->text);
	if (*what->rule) {
		fputs(" [", stdout);
		sl_say_told(stdout, what->rule);
		fputs("]", stdout);
	}
	fputc('\n', stdout);
	if (*what->remedy) {
		fputs("  remedy: ", stdout);
		sl_say_told(stdout, what->remedy);
		fputc('\n', stdout);
	}
}

static json_t *note_object(const struct sl_note *note)
{
	return json_pack("{s:s, s:o, s:i, s:i, s:o, s:o, s:o}", "kind", note->kind == SL_NOTE_WARNING ? "warning" : "error",
	                 "file", sl_cli_text(note->what.file), "line", (int)note->what.line, "column", (int)note->what.col,
	                 "rule", sl_cli_text(note->what.rule), "text", sl_cli_text(note->what.text), "remedy",
	                 sl_cli_text(note->what.remedy));
}

/* Without an enclave only what the file alone shows is known. */
static enum sl_rc lint(const struct sl_cli *c, const struct sl_policy *policy, struct sl_notes *notes,
                       const struct sl_notes **out, struct sl_err *err)
{
	if (!c->opened) {
		*out = &policy->notes;
		return SL_OK;
	}
	*out = notes;
	return sl_policy_lint(policy, c->standing.catalogue_list, c->standing.ncatalogues, sl_enclave_today(), notes, err);
}

enum sl_rc sl_cmd_policy_lint(struct sl_cli *c, struct sl_err *err)
{
	const char *file = sl_cli_word(c, 0);
	const char *name = strcmp(file, "-") == 0 ? "policy.json" : file;
	const struct sl_notes *found = NULL;
	struct sl_policy policy = {0};
	struct sl_notes notes = {0};
	struct sl_buf text = {0};
	json_t *list = json_array();
	uint32_t errors;
	enum sl_rc rc = sl_file_read(file, SL_POLICY_BYTES_MAX, &text, err);

	if (!rc)
		rc = sl_policy_load(name, text.data, text.len, &policy, err);
	if (!rc)
		rc = lint(c, &policy, &notes, &found, err);
	for (uint32_t i = 0; !rc && i < found->nitems; i++) {
		json_array_append_new(list, note_object(&found->items[i]));
		if (!c->args.json)
			print_note(&found->items[i]);
	}
	sl_cli_set(c, "notes", list);
	if (rc)
		goto out;
	errors = sl_notes_errors(found);
	if (errors) {
		rc = sl_err_set(err, SL_E_NO, "%s has %u error%s; it must not be signed", name, errors, errors == 1 ? "" : "s");
		goto out;
	}
	sl_cli_set(c, "enclave", sl_cli_text(policy.enclave));
	sl_cli_set(c, "serial", json_integer((json_int_t)policy.serial));
	if (!c->opened && !c->args.json)
		fputs("judged without catalogues: name the enclave with --dir to judge tables and columns too\n", stderr);
	sl_cli_changed(c, "%s: no error, %u warning%s", name, found->nitems, found->nitems == 1 ? "" : "s");
	sl_cli_next(c, "sluice policy sign %s --key KEY", file);
out:
	sl_notes_free(&notes);
	sl_policy_free(&policy);
	sl_buf_free(&text);
	return rc;
}
