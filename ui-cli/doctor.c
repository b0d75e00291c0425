/*
 * doctor.c - sluice doctor: start every confined program for a moment and say which layers it switched on, which it did
 * not, and what would.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/keeper/keeper.h"
#include "jobs/left.h"
#include "ui-cli/commands.h"
#include "ui-cli/doctor.h"

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
	uint32_t bit = SL_LAYER_BIT(row->layer);

	if (!started(p, i))
		return "?";
	if (p->layers[i] & bit)
		return "ok";
	if (!(sl_layers_for((enum sl_program)(FIRST + i)) & bit))
		return "-";
	return sl_layers_required() & bit ? "missing" : "weaker";
}

static bool is_off(const struct probes *p, int i, const struct sl_layer_row *row)
{
	uint32_t bit = SL_LAYER_BIT(row->layer);

	return started(p, i) && (sl_layers_for((enum sl_program)(FIRST + i)) & ~p->layers[i] & bit) != 0;
}

static bool is_off_somewhere(const struct probes *p, const struct sl_layer_row *row)
{
	for (int i = 0; i < NPROGRAMS; i++)
		if (is_off(p, i, row))
			return true;
	return false;
}

/* What would switch a layer on: what the host said, where it was asked, else what the table knows. */
static const char *remedy(const struct sl_doctor_host *host, const struct sl_layer_row *row)
{
	return row->layer == SL_LAYER_CGROUP && !host->is_cgroup_given ? host->cgroup_why.remedy : row->missing;
}

static void print_remedies(const struct probes *p, const struct sl_doctor_host *host)
{
	for (int l = 0; l < SL_LAYER_COUNT; l++) {
		const struct sl_layer_row *row = &sl_layers_table[l];

		if (!is_off_somewhere(p, row))
			continue;
		printf("%s: ", row->name);
		if (remedy(host, row) != row->missing) {
			sl_say_told(stdout, host->cgroup_why.text);
			fputs("; ", stdout);
		}
		sl_say_told(stdout, remedy(host, row));
		fputc('\n', stdout);
	}
}

static enum sl_rc print_layers(const struct probes *p, const struct sl_doctor_host *host, struct sl_err *err)
{
	const char *const names[] = {"LAYER", "NEEDED", "SCRIPT", "ENGINE", "CHECK", "LOAD"};
	struct sl_grid grid;
	enum sl_rc rc;

	sl_doctor_host_print(host, stdout);
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
	if (!rc)
		print_remedies(p, host);
	return rc;
}

static json_t *program_object(const struct probes *p, int i, const struct sl_doctor_host *host)
{
	json_t *layers = json_object(), *o;

	for (int l = 0; l < SL_LAYER_COUNT; l++) {
		const struct sl_layer_row *row = &sl_layers_table[l];

		o = json_pack("{s:s, s:s, s:s}", "state", judge(p, i, row), "needed", row->required ? "required" : "wanted",
		              "reason", row->reason);
		if (is_off(p, i, row))
			json_object_set_new(o, "remedy", sl_cli_text(remedy(host, row)));
		json_object_set_new(layers, row->name, o);
	}
	o = json_pack("{s:b, s:o}", "started", started(p, i), "layers", layers);
	if (p->err[i].rc != SL_OK)
		json_object_set_new(o, "error", sl_cli_text(p->err[i].text));
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

static void probe(struct probes *p, int i)
{
	enum sl_program program = (enum sl_program)(FIRST + i);
	char path[4096];

	if (sl_keeper_find(program, path, sizeof path, &p->err[i]) == SL_OK &&
	    sl_keeper_probe(program, path, &p->layers[i], &p->err[i]) != SL_OK && p->err[i].rc == SL_OK)
		sl_err_set(&p->err[i], SL_E_HOST, "%s did not start", sl_program_name(program));
}

/* The first program that would not start for a job. NULL: all would. */
static const struct sl_err *first_error(struct probes *p)
{
	for (int i = 0; i < NPROGRAMS; i++)
		if (p->err[i].rc != SL_OK) {
			p->err[i].rc = SL_E_HOST;
			return &p->err[i];
		}
	return NULL;
}

/* An enclave that is named: whether its parts are there, fit each other, and are this account's. */
static enum sl_rc look_at_enclave(const struct sl_cli *c, struct sl_err *err)
{
	struct sl_enclave e = {0};
	struct sl_ed25519 sign;
	struct sl_secret vault;
	sl_cli_tell_older(c->args.dir, c->session);
	enum sl_rc rc = sl_enclave_open(c->args.dir, &e, err);
	if (!rc && *e.repaired && !c->args.json)
		sl_say_told_lines(stderr, "repaired: ", e.repaired);
	if (!rc)
		rc = sl_enclave_sign_key(&e, &sign, err);
	if (!rc) {
		sl_ed25519_wipe(&sign);
		rc = sl_enclave_vault_key(&e, &vault, err);
	}
	if (!rc) {
		sl_secret_wipe(&vault);
		rc = sl_left_check(&e, err);
	}
	sl_enclave_close(&e);
	return rc;
}

/* Of the enclave that --dir or SLUICE_DIR names, when one does. */
static enum sl_rc tell_enclave(struct sl_cli *c, struct sl_err *err)
{
	struct sl_err why = {0};
	enum sl_rc rc;

	if (!c->args.dir)
		return SL_OK;
	rc = look_at_enclave(c, &why);
	sl_cli_set(c, "enclave", rc ? sl_cli_text(why.text) : json_string("ok"));
	if (rc && c->args.json)
		sl_cli_set_error(c, &why);
	else if (rc)
		*err = why;
	else if (!c->args.json)
		puts("the enclave has its keys, state and vault; whether they are whole: sluice audit verify, sluice data verify");
	return c->args.json ? SL_OK : rc;
}

enum sl_rc sl_cmd_doctor(struct sl_cli *c, struct sl_err *err)
{
	struct probes p = {0};
	struct sl_doctor_host host;
	const struct sl_err *first;
	bool keygen = on_path("ssh-keygen");
	json_t *programs;
	enum sl_rc rc;

	if (sl_args_flag(&c->args, "--syscalls"))
		return sl_doctor_filters(c, err);
	programs = json_object();
	sl_doctor_host_look(&host);
	for (int i = 0; i < NPROGRAMS; i++) {
		probe(&p, i);
		json_object_set_new(programs, sl_program_name((enum sl_program)(FIRST + i)), program_object(&p, i, &host));
	}
	sl_cli_set(c, "host", sl_doctor_host_object(&host));
	sl_cli_set(c, "programs", programs);
	sl_cli_set(c, "ssh-keygen", json_boolean(keygen));
	first = first_error(&p);
	if (c->args.json) {
		if (first)
			sl_cli_set_error(c, first);
		return first ? SL_OK : tell_enclave(c, err);
	}
	rc = print_layers(&p, &host, err);
	if (!keygen)
		puts("ssh-keygen: not found; people sign with it: install openssh-client");
	if (!rc && first) {
		*err = *first;
		rc = SL_E_HOST;
	}
	if (!rc)
		puts("every required layer is there");
	return rc ? rc : tell_enclave(c, err);
}
