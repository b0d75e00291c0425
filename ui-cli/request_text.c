/*
 * request_text.c - shows requests. Called by request and review commands.
 */
#include "ui-cli/request_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/unseen.h"

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

static json_t *decisions_array(const struct sl_request_decision *decisions, uint32_t n)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < n; i++) {
		const struct sl_request_decision *d = &decisions[i];

		json_array_append_new(list, json_pack("{s:o, s:s, s:o, s:o, s:o}", "at", sl_cli_time(d->at), "decision",
		                                      sl_gate_decision((enum sl_decision)d->decision), "person",
		                                      sl_cli_text(d->person), "comment", sl_cli_text(d->comment), "acknowledged",
		                                      sl_cli_text(d->acknowledged)));
	}
	return list;
}

static void print_decisions(const struct sl_request_decision *decisions, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct sl_request_decision *d = &decisions[i];
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

const char *sl_request_text_changed(const struct sl_request *r, uint32_t i, char out[static SL_REQUEST_CHANGED])
{
	const struct sl_revision *v = &r->revisions[i], *next = i + 1 < r->nrevisions ? v + 1 : NULL;
	const struct {
		const char *name, *was, *is;
	} words[] = {
		{"title", v->title, next ? next->title : r->title},
		{"context", v->context, next ? next->context : r->context},
		{"outputs", v->outputs, next ? next->outputs : r->outputs},
	};
	size_t at = 0;

	snprintf(out, SL_REQUEST_CHANGED, "nothing: it was judged again");
	for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
		if (strcmp(words[k].was, words[k].is) != 0)
			at += (size_t)snprintf(out + at, SL_REQUEST_CHANGED - at, "%s%s", at ? ", " : "", words[k].name);
	return out;
}

static json_t *revisions_array(const struct sl_request *r)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < r->nrevisions; i++) {
		const struct sl_revision *v = &r->revisions[i];
		char changed[SL_REQUEST_CHANGED];

		json_array_append_new(list, json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:i, s:s, s:o}", "revision", (int)v->revision,
		                                      "created_at", sl_cli_time(v->at), "title", sl_cli_text(v->title), "context",
		                                      sl_cli_text(v->context), "outputs", sl_cli_text(v->outputs), "publication",
		                                      sl_cli_hex(v->digest, sizeof v->digest), "findings", (int)v->nfindings,
		                                      "changed_then", sl_request_text_changed(r, i, changed), "decisions",
		                                      decisions_array(v->decisions, v->ndecisions)));
	}
	return list;
}

static void print_revisions(const struct sl_request *r)
{
	for (uint32_t i = 0; i < r->nrevisions; i++) {
		const struct sl_revision *v = &r->revisions[i];
		char time[SL_TIME_TEXT], changed[SL_REQUEST_CHANGED];

		sl_enclave_time_text(v->at, time);
		printf("earlier revision %u, of %s; then changed: %s\n", v->revision, time, sl_request_text_changed(r, i, changed));
		fputs("  outputs: ", stdout);
		sl_say_text(stdout, v->outputs, strlen(v->outputs));
		if (v->nfindings)
			printf("; findings: %u", v->nfindings);
		puts("; its context:");
		sl_say_lines(stdout, "  | ", v->context, strlen(v->context));
		print_decisions(v->decisions, v->ndecisions);
	}
}

const char *sl_request_text_asks(const struct sl_request *r, char out[static SL_REQUEST_ASKS])
{
	out[0] = '\0';
	if (r->class_asks != SL_CLASS_NONE)
		snprintf(out, SL_REQUEST_ASKS, ": class %s asks", sl_class_name((enum sl_class)r->class_asks));
	return out;
}

static json_t *turn_object(const struct sl_turn *t)
{
	json_t *o = json_pack("{s:b, s:b, s:b}", "yours", t->not_theirs == NULL && !t->decided, "decided", t->decided,
	                      "revised", t->revised);

	if (o && t->not_theirs)
		json_object_set_new(o, "reason", sl_cli_text(t->not_theirs));
	if (o && t->njudge >= 0)
		json_object_set_new(o, "to_judge", json_integer(t->njudge));
	return o;
}

/* Why a listed request asks this reviewer for a look, or does not. */
#define LOOK 640
static const char *look_of(const struct sl_request *r, char out[static LOOK])
{
	const struct sl_turn *t = &r->turn;
	char judge[48] = "";

	if (t->njudge > 0)
		snprintf(judge, sizeof judge, ", %" PRId64 " finding%s to judge", t->njudge, t->njudge == 1 ? "" : "s");
	if (!t->asked)
		out[0] = '\0';
	else if (t->not_theirs)
		snprintf(out, LOOK, "not yours: %s", t->not_theirs);
	else if (t->decided)
		snprintf(out, LOOK, "you decided");
	else
		snprintf(out, LOOK, "yours%s%s", judge, t->revised ? ", revised since you spoke" : "");
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
		json_object_set_new(o, "decisions", decisions_array(r->decisions, r->ndecisions));
	if (o && r->nrevisions)
		json_object_set_new(o, "revisions", revisions_array(r));
	if (o && *r->title)
		json_object_set_new(o, "title", sl_cli_text(r->title));
	if (o && r->turn.asked)
		json_object_set_new(o, "turn", turn_object(&r->turn));
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
	if (*r->title) {
		fputs("title, the author's words: ", stdout);
		sl_say_text(stdout, r->title, strlen(r->title));
		puts("");
	}
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
	print_decisions(r->decisions, r->ndecisions);
	print_revisions(r);
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

static void add_row(struct sl_grid *grid, const struct sl_request *r, bool waiting)
{
	char id[32], job[32], release[32] = "", approvals[32], time[SL_TIME_TEXT], look[LOOK];
	const char *texts[] = {
		id,        sl_moves_state_name((enum sl_request_state)r->state),
		job,       r->project,
		r->author, approvals,
		release,   time,
		r->title};

	snprintf(id, sizeof id, "R-%" PRId64, r->id);
	snprintf(job, sizeof job, "J-%" PRId64, r->job);
	snprintf(approvals, sizeof approvals, "%u of %u", r->approvals, r->approvals_needed);
	if (r->release)
		snprintf(release, sizeof release, "L-%" PRId64, r->release);
	sl_enclave_time_text(r->created_at, time);
	/* Of what waits nothing was released; what a reviewer wants there is whether to look. */
	if (waiting) {
		texts[6] = time;
		texts[7] = look_of(r, look);
	}
	sl_grid_row(grid, texts);
}

/* Behind what waits for a reviewer: what does not, and nobody has looked at. */
static enum sl_rc list_unseen(struct sl_cli *c, struct sl_err *err)
{
	struct sl_store_unseen *rows = NULL;
	json_t *list = json_array();
	uint32_t n = 0;
	enum sl_rc rc = sl_unseen_list(&c->enclave, &c->actor, &rows, &n, err);

	if (n > 0 && !c->args.json)
		puts("nobody has looked at these, which do not wait, and each told its author one bit:");
	for (uint32_t i = 0; i < n; i++) {
		if (c->args.json)
			json_array_append_new(list, json_pack("{s:o, s:I}", "request", json_sprintf("R-%lld", (long long)rows[i].request),
			                                      "revision", (json_int_t)rows[i].revision));
		else
			printf("  sluice review show R-%" PRId64 " --revision %" PRId64 "\n", rows[i].request, rows[i].revision);
	}
	sl_cli_set(c, "unseen", list);
	free(rows);
	return rc;
}

enum sl_rc sl_request_text_list(struct sl_cli *c, bool waiting, struct sl_err *err)
{
	const char *const all[] = {"REQUEST", "STATE", "JOB", "PROJECT", "AUTHOR", "APPROVALS", "RELEASE", "CREATED", "TITLE"};
	const char *const those[] = {"REQUEST", "STATE", "JOB", "PROJECT", "AUTHOR", "APPROVALS", "SINCE", "LOOK", "TITLE"};
	struct sl_request *requests = NULL;
	json_t *list = json_array();
	struct sl_grid grid;
	uint32_t n = 0;
	enum sl_rc rc = sl_request_list(&c->enclave, &c->actor, waiting, &requests, &n, err);

	sl_grid_open(&grid, waiting ? those : all, 9);
	for (uint32_t i = 0; i < n && !rc; i++) {
		if (c->args.json)
			json_array_append_new(list, sl_request_text_object(&requests[i]));
		else
			add_row(&grid, &requests[i], waiting);
	}
	sl_cli_set(c, "requests", list);
	if (!rc && !c->args.json)
		rc = sl_grid_print(&grid, stdout, err);
	if (!rc && waiting)
		rc = list_unseen(c, err);
	sl_grid_free(&grid);
	sl_request_list_free(requests, n);
	return rc;
}
