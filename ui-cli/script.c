/*
 * script.c - a job's script and parameters from the command line. Called by job check, job run and job show.
 */
#include "ui-cli/script.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"

static enum sl_rc take_param(struct sl_script_words *w, const char *text, struct sl_err *err)
{
	const char *equals = strchr(text, '=');
	struct sl_param *p = &w->params[w->spec.nparams];

	if (!equals || equals == text)
		return sl_err_set(err, SL_E_USAGE, "--param wants NAME=VALUE, not \"%.80s\"", text);
	if (w->spec.nparams == SL_PARAMS_MAX)
		return sl_err_set(err, SL_E_USAGE, "more than %d parameters", SL_PARAMS_MAX);
	for (uint32_t i = 0; i < w->spec.nparams; i++)
		if (strlen(w->params[i].name) == (size_t)(equals - text) &&
		    memcmp(w->params[i].name, text, (size_t)(equals - text)) == 0)
			return sl_err_set(err, SL_E_USAGE, "parameter \"%s\" is given twice", w->params[i].name);
	w->spec.nparams++;
	p->name = strndup(text, (size_t)(equals - text));
	p->text = strdup(equals + 1);
	if (!p->name || !p->text)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	/* A reviewer reads both. */
	if (!sl_text_is_ident(p->name))
		return sl_err_set(err, SL_E_USAGE, "\"%.80s\" is no name for a parameter (letters, digits, _ and -)", p->name);
	if (strlen(p->text) > SL_PARAM_BYTES || !sl_text_is_clean(p->text, strlen(p->text)))
		return sl_err_set(err, SL_E_USAGE, "the parameter \"%.80s\" is not one line of clean text of at most %d bytes",
		                  p->name, SL_PARAM_BYTES);
	return SL_OK;
}

enum sl_rc sl_script_words_take(struct sl_cli *c, const char *file, struct sl_script_words *w, struct sl_err *err)
{
	const char *text;
	uint32_t at = 0;
	enum sl_rc rc = SL_OK;

	if (strlen(file) > SL_TITLE_BYTES || !sl_text_is_utf8(file, strlen(file)))
		rc = sl_err_set(err, SL_E_USAGE, "the name of the file is longer than %d bytes or not UTF-8", SL_TITLE_BYTES);
	else
		rc = sl_file_read(file, SL_SCRIPT_BYTES_MAX, &w->text, err);
	w->spec.file = strcmp(file, "-") == 0 ? "stdin.lua" : file;
	w->spec.project = sl_args_flag(&c->args, "--project");
	w->spec.params = w->params;
	while (!rc && (text = sl_args_next(&c->args, "--param", &at)))
		rc = take_param(w, text, err);
	w->spec.script = w->text.data ? w->text.data : (const void *)"";
	w->spec.nscript = w->text.len;
	return rc;
}

void sl_script_words_free(struct sl_script_words *w)
{
	for (uint32_t i = 0; i < SL_PARAMS_MAX; i++) {
		free(w->params[i].name);
		free(w->params[i].text);
	}
	sl_buf_free(&w->text);
	*w = (struct sl_script_words){0};
}

void sl_script_told(struct sl_cli *c, const struct sl_job *job)
{
	if (job->printed && *job->printed) {
		sl_cli_set(c, "printed", sl_cli_text(job->printed));
		if (!c->args.json)
			sl_say_told_lines(stderr, "print: ", job->printed);
	}
	if (!job->end.ok && job->end.source_line)
		sl_buf_text(&c->source_line, job->end.source_line);
}

static json_t *outputs_json(const struct sl_job *job)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < job->noutputs; i++)
		json_array_append_new(list, json_pack("{s:o, s:I, s:I}", "name", sl_cli_text(job->outputs[i].name), "cells",
		                                      (json_int_t)job->outputs[i].cells, "columns",
		                                      (json_int_t)job->outputs[i].columns));
	return list;
}

enum sl_rc sl_script_shape(struct sl_cli *c, const struct sl_job *job, struct sl_err *err)
{
	const char *const names[] = {"OUTPUT", ">CELLS", ">COLUMNS"};
	struct sl_grid grid;
	enum sl_rc rc;

	sl_cli_set(c, "outputs", outputs_json(job));
	if (c->args.json)
		return SL_OK;
	sl_grid_open(&grid, names, 3);
	for (uint32_t i = 0; i < job->noutputs; i++) {
		char cells[32], columns[16];
		const char *texts[] = {job->outputs[i].name, cells, columns};

		snprintf(cells, sizeof cells, "%" PRIu64, job->outputs[i].cells);
		snprintf(columns, sizeof columns, "%u", job->outputs[i].columns);
		sl_grid_row(&grid, texts);
	}
	rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	return rc;
}
