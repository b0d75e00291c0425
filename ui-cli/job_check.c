/*
 * job_check.c - sluice job check: run a script against the grant, touch no table, keep nothing. With --dummy its plans
 * run too, on invented rows, and what would be published is shown with the findings.
 */
#include <string.h>

#include "ui-cli/commands.h"
#include "ui-cli/csv_grid.h"
#include "ui-cli/dummy_words.h"
#include "ui-cli/finding_text.h"
#include "ui-cli/script.h"

static void set_preview(struct sl_cli *c, const struct sl_dummy_preview *p, const struct sl_dummy_size *size)
{
	json_t *dummy = sl_dummy_words_object(), *files = json_array(), *findings = json_array();

	for (uint32_t i = 0; i < p->published.nfiles; i++) {
		const struct sl_release_file *f = &p->published.files[i];
		json_t *file = sl_dummy_words_object();

		json_object_set_new(file, "path", sl_cli_text(f->path));
		json_object_set_new(file, "text", sl_cli_bytes(f->bytes.data, f->bytes.len));
		json_array_append_new(files, file);
	}
	for (uint32_t i = 0; i < p->nfindings; i++) {
		json_t *finding = sl_finding_text_object(&p->findings[i], i + 1);

		json_object_set_new(finding, "marking", json_string(SL_DUMMY_MARK));
		json_array_append_new(findings, finding);
	}
	json_object_set_new(dummy, "seed", json_integer((json_int_t)size->seed));
	json_object_set_new(dummy, "units", json_integer(size->units));
	json_object_set_new(dummy, "rows", json_integer(size->rows));
	json_object_set_new(dummy, "releasable", json_boolean(p->releasable));
	json_object_set_new(dummy, "files", files);
	json_object_set_new(dummy, "findings", findings);
	sl_cli_set(c, "dummy", dummy);
}

static enum sl_rc print_preview(const struct sl_dummy_preview *p, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	printf("\n" SL_DUMMY_MARK " FINDINGS: %u\n", p->nfindings);
	for (uint32_t i = 0; i < p->nfindings; i++)
		sl_finding_text_print(&p->findings[i], i + 1, SL_DUMMY_MARK " ");
	for (uint32_t i = 0; i < p->published.nfiles && !rc; i++) {
		const struct sl_release_file *f = &p->published.files[i];

		fputs("\n" SL_DUMMY_MARK " TABLE ", stdout);
		sl_say_text(stdout, f->path, strlen(f->path));
		putchar('\n');
		rc = sl_csv_grid_print(f->bytes.data, f->bytes.len, stdout, err);
	}
	return rc;
}

static enum sl_rc on_dummy(struct sl_cli *c, const struct sl_job_spec *spec, struct sl_job *job, struct sl_err *err)
{
	struct sl_dummy_preview preview = {0};
	struct sl_dummy_size size = {0};
	enum sl_rc rc = sl_dummy_words_take(c, &size, err);

	if (!rc) {
		sl_dummy_words_say(&size);
		rc = sl_dummy_check(&c->enclave, &c->actor, &c->standing, spec, &size, sl_args_flag(&c->args, "--context"), job,
		                    &preview, err);
		sl_script_told(c, job);
	}
	if (!rc)
		rc = sl_script_shape(c, job, err);
	if (!rc && c->args.json)
		set_preview(c, &preview, &size);
	else if (!rc)
		rc = print_preview(&preview, err);
	if (!rc && !c->args.json)
		putchar('\n');
	if (!rc)
		sl_cli_changed(c, SL_DUMMY_MARK ": a request of %s would be %s", spec->file,
		               preview.releasable ? "submitted; on real rows other cells may be hidden"
		                                  : "refused, as the findings say");
	sl_dummy_preview_free(&preview);
	return rc;
}

static enum sl_rc on_nothing(struct sl_cli *c, const struct sl_job_spec *spec, struct sl_job *job, struct sl_err *err)
{
	static const char *const of_dummy[] = {"--seed", "--units", "--rows", "--context"};
	enum sl_rc rc;

	for (size_t i = 0; i < sizeof of_dummy / sizeof of_dummy[0]; i++)
		if (sl_args_flag(&c->args, of_dummy[i]))
			return sl_err_set(err, SL_E_USAGE, "%s is of use with --dummy alone", of_dummy[i]);
	rc = sl_job_check(&c->enclave, &c->actor, &c->standing, spec, job, err);
	sl_script_told(c, job);
	if (!rc)
		rc = sl_script_shape(c, job, err);
	if (!rc)
		sl_cli_changed(c, "%s is well; no table was touched", spec->file);
	return rc;
}

enum sl_rc sl_cmd_job_check(struct sl_cli *c, struct sl_err *err)
{
	struct sl_script_words words = {0};
	struct sl_job job = {0};
	bool dummy = sl_args_flag(&c->args, "--dummy") != NULL;
	enum sl_rc rc = sl_script_words_take(c, sl_cli_word(c, 0), &words, err);

	if (!rc)
		rc = dummy ? on_dummy(c, &words.spec, &job, err) : on_nothing(c, &words.spec, &job, err);
	if (!rc)
		sl_cli_next(c, "sluice job run %s -p %s", sl_cli_word(c, 0), words.spec.project);
	sl_job_free(&job);
	sl_script_words_free(&words);
	return rc;
}
