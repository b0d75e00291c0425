/*
 * cli.h - what every command gets: its words, the enclave it wanted, who acts, and where JSON goes.
 */
#ifndef SL_UI_CLI_H
#define SL_UI_CLI_H

#include "jobs/actor.h"
#include "jobs/audit.h"
#include "ui-cli/args.h"
#include "ui-cli/file.h"
#include "ui-cli/grid.h"
#include "ui-cli/say.h"

#define SL_CLI_STATEMENT_BYTES_MAX (1u << 20)

/* Zeroed: nothing is open, nobody acts. */
struct sl_cli {
	struct sl_args args;
	const char *session;          /* who sshd said it is; NULL: the account itself */
	struct sl_enclave enclave;
	bool opened;
	struct sl_standing standing;
	struct sl_actor actor;
	json_t *answer;               /* the object --json prints; members are added by the command */
	int code;                     /* exit code of a command that ran another one and told its errors: session */
	struct sl_buf source_line;    /* of a script's error, shown below it */
};

/*
 * sl_cli_run - c->args judged: open, find out who acts, run, print the JSON answer or the error, close.
 * Returns the process's exit code. c is emptied.
 */
int sl_cli_run(struct sl_cli *c);

/* sl_cli_tell_older - on stderr, before a state of an earlier version is opened: what bringing it to this one takes. */
void sl_cli_tell_older(const char *dir, bool session);
/* sl_cli_fail - print an error as the command line asks (text or JSON). Returns the exit code. */
int sl_cli_fail(const struct sl_err *err, const char *source_line, bool json);

/* sl_cli_word - positional i. NULL: not given. */
const char *sl_cli_word(const struct sl_cli *c, uint32_t i);
/* sl_cli_changed - "J-1 held" on stdout, unless --json. sl_cli_next - the next command to run, on stderr. */
void sl_cli_changed(const struct sl_cli *c, const char *fmt, ...) SL_PRINTF(2, 3);
void sl_cli_next(const struct sl_cli *c, const char *fmt, ...) SL_PRINTF(2, 3);

/* sl_cli_set - add a member to the JSON answer; takes value, which may be NULL (out of memory is told at the end). */
void sl_cli_set(struct sl_cli *c, const char *name, json_t *value);
/*
 * sl_cli_set_error - with --json: the answer is printed though it tells of an error, which is a member of it; the
 * command then ends with SL_OK and the error's exit code.
 */
void sl_cli_set_error(struct sl_cli *c, const struct sl_err *err);
/* sl_cli_hex, sl_cli_time - a digest, a moment as JSON text. sl_cli_text - others' text; not UTF-8: escaped first. */
json_t *sl_cli_hex(const uint8_t *data, size_t len);
json_t *sl_cli_time(int64_t seconds);
json_t *sl_cli_text(const char *text);
json_t *sl_cli_bytes(const void *data, size_t len);

/* sl_cli_separation - say on stderr that people on one account are told apart by their keys alone. */
void sl_cli_separation(const struct sl_cli *c);

#endif
