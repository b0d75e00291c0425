/*
 * policy_show.c - sluice policy show: the policy in force, as it was signed or as tables.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "ui-cli/commands.h"

static void roles_text(uint32_t roles, char *out, size_t cap)
{
	size_t len = 0;

	out[0] = 0;
	for (uint32_t bit = 1; bit <= SL_ROLES_ALL; bit <<= 1)
		if (roles & bit && len < cap)
			len += (size_t)snprintf(out + len, cap - len, "%s%s", len ? " " : "", sl_role_name((enum sl_role)bit));
}

static enum sl_rc print_people(const struct sl_policy *p, struct sl_err *err)
{
	const char *const names[] = {"PERSON", "ROLES", "ORGANISATION"};
	struct sl_grid grid;
	enum sl_rc rc;

	sl_grid_open(&grid, names, 3);
	for (uint32_t i = 0; i < p->npeople; i++) {
		char roles[128];
		const char *texts[] = {p->people[i].name, roles, p->people[i].organisation};

		roles_text(p->people[i].roles, roles, sizeof roles);
		sl_grid_row(&grid, texts);
	}
	rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	return rc;
}

static void list_names(char *const *names, uint32_t n, struct sl_buf *out)
{
	for (uint32_t i = 0; i < n; i++)
		sl_buf_printf(out, "%s%s", i ? ", " : "", names[i]);
}

static enum sl_rc print_projects(const struct sl_policy *p, struct sl_err *err)
{
	const char *const names[] = {"PROJECT", "EXPIRES", ">APPROVALS", "ANALYSTS", "TABLES", "PURPOSE"};
	struct sl_grid grid;
	enum sl_rc rc;

	sl_grid_open(&grid, names, 6);
	for (uint32_t i = 0; i < p->nprojects; i++) {
		const struct sl_project *project = &p->projects[i];
		char expires[SL_DECIMAL_TEXT], approvals[16];
		struct sl_buf analysts = {0}, tables = {0};

		sl_format_date(project->expires, expires);
		snprintf(approvals, sizeof approvals, "%u", project->approvals);
		list_names(project->analysts, project->nanalysts, &analysts);
		for (uint32_t t = 0; t < project->ntables; t++)
			sl_buf_printf(&tables, "%s%s", t ? ", " : "", project->tables[t].name);
		const char *texts[] = {project->name,          expires,           approvals, sl_buf_cstr(&analysts),
		                       sl_buf_cstr(&tables), project->purpose};

		sl_grid_row(&grid, texts);
		sl_buf_free(&analysts);
		sl_buf_free(&tables);
	}
	rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	return rc;
}

static void print_released(const struct sl_project *project)
{
	if (project->released_numbers_max == SL_RELEASED_UNBOUNDED)
		return;
	sl_say_text(stdout, project->name, strlen(project->name));
	printf(": at most %" PRIu64 " numbers of one unit space leave it in all\n", project->released_numbers_max);
}

static const char *rounding_words(uint8_t transform)
{
	return transform == SL_TRANSFORM_ROUND ? "to the nearest"
	       : transform == SL_TRANSFORM_RANDOM ? "at random to a multiple of" : "to the middle of each";
}

static enum sl_rc summary(const struct sl_standing *s, struct sl_err *err)
{
	enum sl_rc rc;

	fputs("policy ", stdout);
	printf("%" PRIu64 " of \"", s->policy.serial);
	sl_say_text(stdout, s->policy.enclave, strlen(s->policy.enclave));
	fputs("\", disclosure profile ", stdout);
	sl_say_text(stdout, s->policy.profile, strlen(s->policy.profile));
	printf(", threshold %u", s->policy.rules.threshold);
	if (s->policy.rules.jitter > 0)
		printf(" and 0 to %u more by who they are", s->policy.rules.jitter);
	if (s->policy.rules.near == SL_NEAR_EARLIER)
		fputs(", near rows told as they left before", stdout);
	if (s->policy.rules.transform != SL_TRANSFORM_NONE)
		printf(", counts %s %u", rounding_words(s->policy.rules.transform), s->policy.rules.transform_base);
	for (size_t i = SL_CLASS_OPEN; i <= SL_CLASS_CONFIDENTIAL; i++)
		if (s->policy.reviews.approvals_by_class[i])
			printf(", %u approvals for class %s", s->policy.reviews.approvals_by_class[i], sl_class_name((enum sl_class)i));
	if (s->policy.reviews.apart)
		fputs(", nobody reviews their own organisation", stdout);
	fputs("\n\n", stdout);
	rc = print_people(&s->policy, err);
	if (rc || !s->policy.nprojects)
		return rc;
	fputc('\n', stdout);
	rc = print_projects(&s->policy, err);
	for (uint32_t i = 0; i < s->policy.nprojects && !rc; i++)
		print_released(&s->policy.projects[i]);
	return rc;
}

enum sl_rc sl_cmd_policy_show(struct sl_cli *c, struct sl_err *err)
{
	struct sl_buf text = {0};
	enum sl_rc rc = sl_standing_policy_text(&c->enclave, &text, err);

	if (rc)
		sl_err_remedy(err, "sluice policy new prints one to start from");
	else if (c->args.json)
		sl_cli_set(c, "policy", json_loadb((const char *)text.data, text.len, 0, NULL));
	else if (sl_args_flag(&c->args, "--summary"))
		rc = summary(&c->standing, err);
	else
		fwrite(text.data, 1, text.len, stdout);
	if (!rc && c->args.json)
		sl_cli_set(c, "sha256", sl_cli_hex(c->standing.policy_digest, sizeof c->standing.policy_digest));
	sl_buf_free(&text);
	return rc;
}
