/*
 * request.h - an analyst asks for a held job's outputs to leave; sluice-check makes the publication; reviewers decide.
 */
#ifndef SL_JOBS_REQUEST_H
#define SL_JOBS_REQUEST_H

#include "enclave/pact/behind.h"
#include "jobs/job.h"
#include "jobs/say.h"
#include "policy/moves.h"
#include "policy/render_rows.h"

/* What was said about a request. Private: among reviewers; auditors read it. */
struct sl_comment {
	int64_t at;
	uint32_t revision;
	bool private;
	char *person, *text;
};

/* One decision on the revision there is, each person's latest. Heap texts. */
struct sl_request_decision {
	int64_t at;
	uint8_t decision; /* enum sl_decision */
	char *person, *comment;
	char *acknowledged; /* rules by name, ", " between; "" : none */
};

/* An earlier revision, and for reviewers what was decided on it. Heap texts. */
struct sl_revision {
	uint32_t revision;
	int64_t at;
	char *title, *context, *outputs; /* outputs: names, ", " between */
	uint8_t digest[32];
	uint32_t nfindings;              /* for reviewers; else 0 */
	struct sl_request_decision *decisions;
	uint32_t ndecisions;
};

/* Of a listing for a reviewer: whether it is for them to look at, and why. Zeroed: nobody asked. */
struct sl_turn {
	bool asked;
	char *not_theirs;  /* why they may not decide, one sentence; NULL: they may */
	bool decided;      /* they have, on the revision there is */
	bool revised;      /* since they decided on it, or commented */
	int64_t njudge;    /* findings left to judge; -1: not counted */
};

/* A request as listings show it. Heap texts. */
struct sl_request {
	int64_t id, job, release;      /* release: 0 until released */
	uint8_t state;
	char *project, *author, *context;
	int64_t created_at;
	uint8_t digest[32];            /* of publication.json (salted) */
	uint32_t nfindings, approvals, approvals_needed;
	uint8_t class_asks;            /* enum sl_class whose number is needed; SL_CLASS_NONE: the project's */
	char *refusal;                 /* REFUSED: the machine-checkable causes, one a line, with remedies */
	char *rejection;               /* REJECTED, RETURNED: the reviewer's words for the author; "" : none */
	uint32_t revision;
	char *title;                   /* the author's words; "" : none */
	char *outputs;                 /* names, ", " between */
	struct sl_revision *revisions; /* earlier ones, the first first; for reviewers those that were submitted */
	uint32_t nrevisions;
	struct sl_turn turn;
	struct sl_comment *comments;   /* oldest first; those this actor may read */
	uint32_t ncomments;
	struct sl_request_decision *decisions; /* of reviewers, for reviewers and auditors */
	uint32_t ndecisions;
};

/*
 * What an author asks. context NULL: as it was, for a revision. outputs: names to ask for; none: all, or as they were.
 */
struct sl_request_ask {
	const char *context;
	const char *title; /* as context */
	const char *const *outputs;
	size_t noutputs;
	bool draft; /* judged and signed; reviewers see it, and decide when it is submitted */
};

/*
 * sl_request_new - run sluice-check on the job's results; freeze publication.json with the files' digests; sealed.
 * Signed
 * (request@sluice) by a key actor. The author is told only submitted or the causes that depend on declared facts
 * (context, extremes, margins): never which cells are hidden.
 * sl_request_revise - the same for another revision of a request, of the same job: votes begin anew, what was decided
 * on the earlier one is kept and never counts.
 * sl_request_submit - a draft is the reviewers' to decide on, signed now. sl_request_withdraw - it is not asked for any
 * more.
 * All fail as sl_moves_ask; SL_E_NO also: no such request of theirs.
 */
SL_MUST_CHECK enum sl_rc sl_request_new(struct sl_enclave *e, const struct sl_actor *actor, int64_t job,
                                        const struct sl_request_ask *ask, struct sl_request *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_request_revise(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                           const struct sl_request_ask *ask, struct sl_request *out,
                                           struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_request_submit(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                           struct sl_request *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_request_withdraw(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                             struct sl_request *out, struct sl_err *err);
/* sl_request_list - those that the actor may see; waiting: of them those that wait for reviews. */
SL_MUST_CHECK enum sl_rc sl_request_list(struct sl_enclave *e, const struct sl_actor *actor, bool waiting,
                                         struct sl_request **out, uint32_t *nout, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_request_show(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                         struct sl_request *out, struct sl_err *err);
void sl_request_free(struct sl_request *r);
void sl_request_list_free(struct sl_request *r, uint32_t n);

/* A file as it would leave. */
struct sl_release_file {
	char *path;            /* "data/diagnoses.csv" */
	struct sl_buf bytes;
	uint8_t sha256[32];
};

/* A line that one revision of a table has and the other has not. */
struct sl_change_line {
	bool is_now;      /* of the later revision */
	const char *text; /* borrowed from the table's bytes; no end of line */
	size_t len;
};

/* A table that two revisions do not have alike. */
struct sl_change {
	const char *path;             /* borrowed */
	bool was, now;                /* which of them has it */
	struct sl_change_line *lines; /* where both have; else none */
	size_t nlines;
};

/* All a reviewer sees. Free with sl_review_free. */
struct sl_review {
	struct sl_request request;
	char *purpose, *script_file;
	char *params;                       /* what the job was given: a JSON object, name → text */
	struct sl_buf script;
	struct sl_buf columns;              /* sl_gaps_describe of its outputs: the author's words are among them */
	struct sl_buf rounding;             /* sl_render_transformation; empty: the numbers are exact */
	struct sl_buf forgotten;            /* tables: sl_data_forgotten of what the job read */
	struct sl_release_file *files;      /* the CSVs, byte for byte */
	uint32_t nfiles;
	struct sl_render_rows *rows;        /* of each file: which cell of the publication a row is */
	struct sl_publication publication;
	struct sl_behind behind;            /* for reviewers alone; no outputs: it was judged before that was kept */
	uint32_t threshold;                 /* it was judged with */
	bool has_earlier;                   /* the files have SL_EARLIER_COLUMN */
	struct sl_job_material material;
	struct sl_finding_text *findings;
	uint32_t nfindings;
	uint64_t rules_open;                /* sl_acknowledge_open: whoever approves names them */
	struct sl_gate_verdict verdict;     /* of now */
	uint32_t since;                     /* releases of its unit spaces since it was judged */
	bool judged_again;                  /* beside them; else history-unmoved is not met while there are any */
	bool earlier;                       /* a revision that was revised since: the gate was not asked, verdict is shut */
	uint32_t current;                   /* of an earlier one: the revision there is; else 0 */
	struct sl_release_file *current_files; /* of that revision */
	uint32_t ncurrent_files;
	struct sl_change *changes;          /* from this revision to that */
	uint32_t nchanges;
};

/*
 * sl_review_show - what was frozen, and the gate as of now.
 *   revision     in  0: the one there is; an earlier one is shown as it was, with what the one there is changed of it,
 *                    and no gate is asked about it
 *   judge_again  in  beside what was released since, too: slow
 *   form         in  in which it will be shown, for its leaf "request.shown": "words", "json", "html", "raw"
 */
SL_MUST_CHECK enum sl_rc sl_review_show(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                        int64_t revision, bool judge_again, const char *form,
                                        struct sl_review *out, struct sl_err *err);
void sl_review_free(struct sl_review *r);

/*
 * sl_request_comment - say something about a request; it changes nothing. The log has it by keyed digest.
 *   text     in  one line of clean text
 *   private  in  for reviewers and auditors alone: a reviewer's move
 * Fails: as sl_moves_ask; SL_E_NO: no such request of theirs; SL_E_INPUT: the text.
 */
SL_MUST_CHECK enum sl_rc sl_request_comment(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                            const char *text, bool private, struct sl_err *err);

/* sl_review_next - the oldest that waits for reviewers, that this one may decide and has not; 0: none. */
SL_MUST_CHECK enum sl_rc sl_review_next(struct sl_enclave *e, const struct sl_actor *actor, int64_t *id,
                                        struct sl_err *err);

/*
 * sl_review_statement - append the canonical JSON a reviewer signs (review@sluice): enclave, request, decision,
 * publication digest, files with sha256, policy digest, findings (all, by number and rule), rules acknowledged by name,
 * comment, log size and root. Fails also: as sl_acknowledge_take and sl_acknowledge_ask.
 * sl_review_decide - record a decision. signed_statement: statement text and armour behind it (as made elsewhere with
 * ssh-keygen), whose comment and rules hold where say has none; NULL: made here with the actor's key. Approving runs
 * the gate in the same transaction; when it opens, the release is made.
 *   release out  its number, 0 while more approvals are needed or after a rejection
 */
SL_MUST_CHECK enum sl_rc sl_review_statement(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                             const struct sl_say *say, struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_review_decide(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                          const struct sl_say *say, const void *signed_statement, size_t nsigned,
                                          int64_t *release, struct sl_err *err);

#endif
