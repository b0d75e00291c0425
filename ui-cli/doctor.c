/*
 * doctor.c - sluice doctor: start every confined program for a moment and say which layers it switched on.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/keeper/keeper.h"
#include "ui-cli/commands.h"

#define FIRST SL_PROGRAM_SCRIPT
#define NPROGRAMS (SL_PROGRAM_COUNT - SL_PROGRAM_SCRIPT)

struct probes {
	uint32_t layers[NPROGRAMS];
	struct sl_err err[NPROGRAMS]; /* rc not SL_OK: it could not be started, or a required layer is off */
};

static bool started(const struct probes *p, int i)
{
	return p->layers[i] != 0;
}

static const char *judge(const struct probes *p, int i, const struct sl_layer_row *row)
{
	if (!started(p, i))
		return "?";
	if (p->layers[i] & SL_LAYER_BIT(row->layer))
		return "ok";
	return sl_layers_required() & SL_LAYER_BIT(row->layer) ? "missing" : "weaker";
}

/* A layer off in every program is the host's; one that is off in some is those programs' nature or a fault. */
static bool off_somewhere(const struct probes *p, const struct sl_layer_row *row)
{
	for (int i = 0; i < NPROGRAMS; i++)
		if (started(p, i) && !(p->layers[i] & SL_LAYER_BIT(row->layer)))
			return true;
	return false;
}

static enum sl_rc print_layers(const struct probes *p, struct sl_err *err)
{
	const char *const names[] = {"LAYER", "NEEDED", "SCRIPT", "ENGINE", "CHECK", "LOAD"};
	struct sl_grid grid;
	enum sl_rc rc;

	sl_grid_open(&grid, names, 6);
	for (int l = 0; l < SL_LAYER_COUNT; l++) {
		const struct sl_layer_row *row = &sl_layers_table[l];
		const char *texts[2 + NPROGRAMS] = {row->name, row->required ? "required" : "wanted"};

		for (int i = 0; i < NPROGRAMS; i++)
			texts[2 + i] = judge(p, i, row);
		sl_grid_row(&grid, texts);
	}
	rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	for (int l = 0; l < SL_LAYER_COUNT && !rc; l++)
		if (off_somewhere(p, &sl_layers_table[l]))
			printf("%s: %s\n", sl_layers_table[l].name, sl_layers_table[l].missing);
	return rc;
}

static json_t *layers_object(const struct probes *p, int i)
{
	json_t *o = json_object();

	for (int l = 0; l < SL_LAYER_COUNT; l++)
		json_object_set_new(o, sl_layers_table[l].name, json_string(judge(p, i, &sl_layers_table[l])));
	return o;
}

/* ssh-keygen makes people's signatures. */
static bool on_path(const char *name)
{
	const char *at = getenv("PATH");
	char path[4096];

	while (at && *at) {
		size_t n = strcspn(at, ":");

		if ((size_t)snprintf(path, sizeof path, "%.*s/%s", (int)n, at, name) < sizeof path &&
		    access(path, X_OK) == 0)
			return true;
		at += n + (at[n] ? 1 : 0);
	}
	return false;
}

enum sl_rc sl_cmd_doctor(struct sl_cli *c, struct sl_err *err)
{
	struct probes p = {0};
	bool keygen = on_path("ssh-keygen");
	json_t *programs = json_object();
	enum sl_rc rc = SL_OK;

	for (int i = 0; i < NPROGRAMS; i++) {
		enum sl_program program = (enum sl_program)(FIRST + i);
		char path[4096];

		if (sl_keeper_find(program, path, sizeof path, &p.err[i]) == SL_OK &&
		    sl_keeper_probe(program, path, &p.layers[i], &p.err[i]) != SL_OK && p.err[i].rc == SL_OK)
			sl_err_set(&p.err[i], SL_E_HOST, "%s did not start", sl_program_name(program));
		json_object_set_new(programs, sl_program_name(program), layers_object(&p, i));
	}
	sl_cli_set(c, "programs", programs);
	sl_cli_set(c, "ssh-keygen", json_boolean(keygen));
	if (!c->args.json) {
		rc = print_layers(&p, err);
		if (!keygen)
			puts("ssh-keygen: not found; people sign with it: install openssh-client");
	}
	for (int i = 0; i < NPROGRAMS && !rc; i++) {
		if (p.err[i].rc == SL_OK)
			continue;
		*err = p.err[i];
		rc = SL_E_HOST;
		err->rc = rc;
	}
	if (!rc && !c->args.json)
		puts("every required layer is there");
	return rc;
}
