/*
 * request_text.c - shows requests. Called by request and review commands.
 */
#include "ui-cli/request_text.h"

#include <inttypes.h>
#include <string.h>

#include "enclave/base/text.h"

static json_t *comments_array(const struct sl_request *r)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < r->ncomments; i++)
		json_array_append_new(list, json_pack("{s:o, s:i, s:b, s:o, s:o}", "at", sl_cli_time(r->comments[i].at), "revision",
		                                      (int)r->comments[i].revision, "private", r->comments[i].private, "person",
		                                      sl_cli_text(r->comments[i].person), "text",
		                                      sl_cli_text(r->comments[i].text)));
	return list;
}

static void print_comments(const struct sl_request *r)
{
	for (uint32_t i = 0; i < r->ncomments; i++) {
		const struct sl_comment *k = &r->comments[i];
		char time[SL_TIME_TEXT];

		sl_enclave_time_text(k->at, time);
		printf("%s of %s, on revision %u, by ", k->private ? "PRIVATE comment" : "comment", time, k->revision);
		sl_say_text(stdout, k->person, strlen(k->person));
		puts(":");
		sl_say_lines(stdout, "  | ", k->text, strlen(k->text));
	}
}

static json_t *decisions_array(const struct sl_request *r)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < r->ndecisions; i++) {
		const struct sl_request_decision *d = &r->decisions[i];

		json_array_append_new(list, json_pack("{s:o, s:s, s:o, s:o, s:o}", "at", sl_cli_time(d->at), "decision",
		                                      sl_gate_decision((enum sl_decision)d->decision), "person",
		                                      sl_cli_text(d->person), "comment", sl_cli_text(d->comment), "acknowledged",
		                                      sl_cli_text(d->acknowledged)));
	}
	return list;
}

static void print_decisions(const struct sl_request *r)
{
	for (uint32_t i = 0; i < r->ndecisions; i++) {
		const struct sl_request_decision *d = &r->decisions[i];
		char time[SL_TIME_TEXT];

		sl_enclave_time_text(d->at, time);
		printf("%s of %s, by ", sl_gate_decision((enum sl_decision)d->decision), time);
		sl_say_text(stdout, d->person, strlen(d->person));
		if (*d->acknowledged)
			fputs(", who acknowledged ", stdout);
		sl_say_text(stdout, d->acknowledged, strlen(d->acknowledged));
		puts(*d->comment ? ":" : "");
		if (*d->comment)
			sl_say_lines(stdout, "  | ", d->comment, strlen(d->comment));
	}
}

const char *sl_request_text_asks(const struct sl_request *r, char out[static SL_REQUEST_ASKS])
{
	out[0] = '\0';
	if (r->class_asks != SL_CLASS_NONE)
		snprintf(out, SL_REQUEST_ASKS, ": class %s asks", sl_class_name((enum sl_class)r->class_asks));
	return out;
}

json_t *sl_request_text_object(const struct sl_request *r)
{
	json_t *o = json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i}", "request",
	                      json_sprintf("R-%" PRId64, r->id), "job", json_sprintf("J-%" PRId64, r->job), "state",
	                      sl_moves_state_name((enum sl_request_state)r->state), "project", sl_cli_text(r->project),
	                      "author", sl_cli_text(r->author), "context", sl_cli_text(r->context), "created_at",
	                      sl_cli_time(r->created_at), "publication", sl_cli_hex(r->digest, sizeof r->digest), "findings",
	                      (int)r->nfindings, "approvals", (int)r->approvals, "approvals_needed", (int)r->approvals_needed);

	if (o && r->class_asks != SL_CLASS_NONE)
		json_object_set_new(o, "class_asks", json_string(sl_class_name((enum sl_class)r->class_asks)));
	if (o && r->release)
		json_object_set_new(o, "release", json_sprintf("L-%" PRId64, r->release));
	if (o && r->refusal && *r->refusal)
		json_object_set_new(o, "refusal", sl_cli_text(r->refusal));
	if (o && r->ncomments)
		json_object_set_new(o, "comments", comments_array(r));
	if (o && r->ndecisions)
		json_object_set_new(o, "decisions", decisions_array(r));
	if (o)
		json_object_set_new(o, "revision", json_integer(r->revision));
	if (o && r->rejection && *r->rejection)
		json_object_set_new(o, r->state == SL_REQUEST_RETURNED ? "returned" : "rejection", sl_cli_text(r->rejection));
	return o;
}

void sl_request_text_print(const struct sl_request *r)
{
	char time[SL_TIME_TEXT], hex[2 * sizeof r->digest + 1], asks[SL_REQUEST_ASKS];

	sl_enclave_time_text(r->created_at, time);
	sl_text_hex(r->digest, sizeof r->digest, hex);
	printf("R-%" PRId64 " %s, of J-%" PRId64 "\nproject: ", r->id, sl_moves_state_name((enum sl_request_state)r->state),
	       r->job);
	sl_say_text(stdout, r->project, strlen(r->project));
	fputs("\nauthor: ", stdout);
	sl_say_text(stdout, r->author, strlen(r->author));
	printf("\ncreated: %s\napprovals: %u of %u%s\npublication: sha256:%s\n", time, r->approvals, r->approvals_needed,
	       sl_request_text_asks(r, asks), hex);
	if (r->release)
		printf("release: L-%" PRId64 "\n", r->release);
	if (r->revision > 1)
		printf("revision: %u; what was decided on an earlier one does not count\n", r->revision);
	puts("context, the author's words:");
	sl_say_lines(stdout, "  | ", r->context, strlen(r->context));
	if (r->refusal && *r->refusal) {
		puts("refused because:");
		sl_say_told_lines(stdout, "  ", r->refusal);
	}
	if (r->rejection && *r->rejection) {
		printf("%s, the reviewer's words:\n", r->state == SL_REQUEST_RETURNED ? "returned" : "rejected");
		sl_say_lines(stdout, "  | ", r->rejection, strlen(r->rejection));
	}
	print_decisions(r);
	print_comments(r);
}

/* For reviewers. */
bool sl_request_text_waits(uint8_t state)
{
	return state == SL_REQUEST_SUBMITTED || state == SL_REQUEST_PARTLY;
}

/*
 * Until somebody rejects it, what only reviews can meet is awaited, not failed; what takes judging is not asked of who
 * only looks.
 */
const char *sl_request_text_standing(const struct sl_review *r, int condition)
{
	if (r->verdict.met[condition])
		return "met";
	bool undecided = sl_request_text_waits(r->request.state) || r->request.state == SL_REQUEST_APPROVED;
	if (undecided && condition >= SL_CONDITION_APPROVALS &&
	    condition <= SL_CONDITION_NO_REJECTION)
		return "awaited";
	if (condition == SL_CONDITION_HISTORY && sl_request_text_waits(r->request.state) && r->since && !r->judged_again)
		return "to ask";
	return "NOT MET";
}

static void add_row(struct sl_grid *grid, const struct sl_request *r)
{
	char id[32], job[32], release[32] = "", approvals[32], time[SL_TIME_TEXT];
	const char *texts[] = {
		id, sl_moves_state_name((enum sl_request_state)r->state), job, r->project, r->author, approvals, release, time};

	snprintf(id, sizeof id, "R-%" PRId64, r->id);
	snprintf(job, sizeof job, "J-%" PRId64, r->job);
	snprintf(approvals, sizeof approvals, "%u of %u", r->approvals, r->approvals_needed);
	if (r->release)
		snprintf(release, sizeof release, "L-%" PRId64, r->release);
	sl_enclave_time_text(r->created_at, time);
	sl_grid_row(grid, texts);
}

enum sl_rc sl_request_text_list(struct sl_cli *c, bool waiting, struct sl_err *err)
{
	const char *const names[] = {"REQUEST", "STATE", "JOB", "PROJECT", "AUTHOR", "APPROVALS", "RELEASE", "CREATED"};
	struct sl_request *requests = NULL;
	json_t *list = json_array();
	struct sl_grid grid;
	uint32_t n = 0;
	enum sl_rc rc = sl_request_list(&c->enclave, &c->actor, &requests, &n, err);

	sl_grid_open(&grid, names, 8);
	for (uint32_t i = 0; i < n && !rc; i++) {
		if (waiting && !sl_request_text_waits(requests[i].state))
			continue;
		add_row(&grid, &requests[i]);
		json_array_append_new(list, sl_request_text_object(&requests[i]));
	}
	sl_cli_set(c, "requests", list);
	if (!rc && !c->args.json)
		rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	sl_request_list_free(requests, n);
	return rc;
}
