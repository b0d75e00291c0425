/* policy_people.c - who there is, and which catalogues count. */
#include <string.h>

#include "enclave/base/text.h"
#include "policy/json/policy_read.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const person_keys[] = { "roles", "key", "organisation" };
static const char *const exception_keys[] = { "person", "roles", "reason", "expires" };
static const char *const key_types[] = { "ssh-ed25519 ", "sk-ssh-ed25519@openssh.com " };

static enum sl_rc read_roles(const struct sl_json_at *at, uint32_t *roles, struct sl_err *err)
{
	size_t role;
	enum sl_rc rc = sl_json_is_array(at, COUNT(sl_role_names), err);

	for (size_t i = 0; rc == SL_OK && i < json_array_size(at->value); i++) {
		struct sl_json_at item = sl_json_item(at, i);
		rc = sl_json_choice(&item, sl_role_names, COUNT(sl_role_names), &role, err);
		if (rc == SL_OK && (*roles & (1u << role)) != 0)
			rc = sl_json_fault(&item, false, err, "\"%s\" twice", sl_role_names[role]);
		if (rc == SL_OK)
			*roles |= 1u << role;
	}
	return rc;
}

static enum sl_rc read_key(const struct sl_json_at *at, struct sl_person *p, struct sl_err *err)
{
	enum sl_rc rc = sl_json_text(at, SL_KEY_LINE_BYTES, false, &p->key, err);

	if (rc != SL_OK)
		return rc;
	for (size_t i = 0; i < COUNT(key_types); i++)
		if (strncmp(p->key, key_types[i], strlen(key_types[i])) == 0)
			return SL_OK;
	return sl_json_fault(at, false, err,
	                     "a key is a line \"ssh-ed25519 AAAA…\" or \"sk-ssh-ed25519@openssh.com AAAA…\"");
}

static enum sl_rc read_person(const struct sl_json_at *at, struct sl_person *p, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc;

	sl_json_where(at, true, &p->line, &p->col);
	if (!sl_text_is_ident(at->key))
		return sl_json_fault(at, true, err, "not a name (letters, digits, _ and -, at most 64 bytes)");
	p->name = strdup(at->key);
	p->organisation = strdup("");
	if (p->name == NULL || p->organisation == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_json_keys(at, person_keys, COUNT(person_keys), err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "roles", &m, err);
	if (rc == SL_OK)
		rc = read_roles(&m, &p->roles, err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "key", &m, err);
	if (rc == SL_OK)
		rc = read_key(&m, p, err);
	if (rc == SL_OK && sl_json_opt(at, "organisation", &m))
		rc = sl_json_text(&m, SL_NAME_BYTES, true, &p->organisation, err);
	return rc;
}

enum sl_rc sl_policy_read_people(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_is_object(at, SL_PEOPLE_MAX, err);

	if (rc != SL_OK)
		return rc;
	p->people = sl_json_calloc(json_object_size(at->value), sizeof *p->people, err);
	if (p->people == NULL)
		return SL_E_NOMEM;
	for (void *iter = NULL; rc == SL_OK && sl_json_next(at, &iter, &m);)
		rc = read_person(&m, &p->people[p->npeople++], err);
	return rc;
}

static bool apart(uint32_t roles)
{
	for (size_t i = 0; i < sl_powers_count; i++)
		if (sl_powers_apart[i].pair == roles)
			return true;
	return false;
}

static enum sl_rc read_exception(const struct sl_json_at *at, const struct sl_policy *p, struct sl_exception *x,
                                 struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_keys(at, exception_keys, COUNT(exception_keys), err);

	sl_json_where(at, false, &x->line, &x->col);
	if (rc == SL_OK)
		rc = sl_json_get(at, "person", &m, err);
	if (rc == SL_OK)
		rc = sl_json_name(&m, &x->person, err);
	if (rc == SL_OK && sl_policy_person(p, x->person) == NULL)
		return sl_json_fault(&m, false, err, "\"%s\" is not among the people", x->person);
	if (rc == SL_OK)
		rc = sl_json_get(at, "roles", &m, err);
	if (rc == SL_OK)
		rc = read_roles(&m, &x->roles, err);
	if (rc == SL_OK && !apart(x->roles))
		return sl_json_fault(&m, false, err, "expected operator and reviewer, or officer and auditor");
	if (rc == SL_OK)
		rc = sl_json_get(at, "reason", &m, err);
	if (rc == SL_OK)
		rc = sl_json_text(&m, SL_TITLE_BYTES, false, &x->reason, err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "expires", &m, err);
	return rc == SL_OK ? sl_policy_read_day(&m, &x->expires, err) : rc;
}

enum sl_rc sl_policy_read_exceptions(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	enum sl_rc rc = sl_json_is_array(at, SL_PEOPLE_MAX, err);

	if (rc != SL_OK)
		return rc;
	p->exceptions = sl_json_calloc(json_array_size(at->value), sizeof *p->exceptions, err);
	if (p->exceptions == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; rc == SL_OK && i < json_array_size(at->value); i++) {
		struct sl_json_at item = sl_json_item(at, i);
		rc = read_exception(&item, p, &p->exceptions[p->nexceptions++], err);
	}
	return rc;
}

static enum sl_rc read_pin(const struct sl_json_at *at, struct sl_pin *pin, struct sl_err *err)
{
	static const char prefix[] = "sha256:";
	const char *text = json_string_value(at->value);

	sl_json_where(at, true, &pin->line, &pin->col);
	if (!sl_text_is_ident(at->key))
		return sl_json_fault(at, true, err, "not the name of a dataset");
	if (text == NULL || strncmp(text, prefix, sizeof prefix - 1) != 0 ||
	    strlen(text + sizeof prefix - 1) != 2 * sizeof pin->sha256 ||
	    !sl_text_unhex(text + sizeof prefix - 1, pin->sha256, sizeof pin->sha256))
		return sl_json_fault(at, false, err, "expected \"sha256:\" and 64 lower-case hex digits");
	pin->dataset = strdup(at->key);
	return pin->dataset != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

enum sl_rc sl_policy_read_pins(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_is_object(at, SL_PROJECTS_MAX, err);

	if (rc != SL_OK)
		return rc;
	p->pins = sl_json_calloc(json_object_size(at->value), sizeof *p->pins, err);
	if (p->pins == NULL)
		return SL_E_NOMEM;
	for (void *iter = NULL; rc == SL_OK && sl_json_next(at, &iter, &m);)
		rc = read_pin(&m, &p->pins[p->npins++], err);
	return rc;
}

/* Whether an exception still lasts is the day's question: sl_policy_lint's. */
static void lint_powers(struct sl_policy *p, const struct sl_person *a)
{
	for (size_t i = 0; i < sl_powers_count; i++) {
		uint32_t pair = sl_powers_apart[i].pair, checks = sl_powers_apart[i].checks;

		if ((a->roles & pair) == pair && !sl_policy_excepted(p, a->name, pair, NULL))
			sl_err_remedy(sl_notes_add(&p->notes, SL_NOTE_ERROR, p->file, a->line, a->col, "powers",
			                           "\"%s\" is %s and %s: %s", a->name, sl_role_name((enum sl_role)(pair & ~checks)),
			                           sl_role_name((enum sl_role)checks), sl_powers_apart[i].why),
			              "take one role away, or state an exception with reason and last day under \"exceptions\"");
	}
}

void sl_policy_lint_people(struct sl_policy *p)
{
	uint32_t officers = 0;

	for (uint32_t i = 0; i < p->npeople; i++) {
		const struct sl_person *a = &p->people[i];
		officers += (a->roles & SL_ROLE_OFFICER) != 0;
		if (a->roles == 0)
			(void)sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, a->line, a->col, "no-role",
			                   "\"%s\" has no role", a->name);
		if ((a->roles & SL_ROLE_OFFICER) != 0 && (a->roles & SL_ROLE_REVIEWER) != 0)
			(void)sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, a->line, a->col, "officer-reviews",
			                   "\"%s\" is officer and reviewer: who writes the policy can also release",
			                   a->name);
		lint_powers(p, a);
		for (uint32_t j = 0; j < i; j++)
			if (sl_policy_same_key(a->key, p->people[j].key))
				sl_err_remedy(
					sl_notes_add(&p->notes, SL_NOTE_ERROR, p->file, a->line, a->col, "key-twice",
				                     "\"%s\" has the same key as \"%s\"", a->name, p->people[j].name),
					"each person has their own key: two names with one key would count twice");
	}
	if (officers < p->officers_needed)
		sl_err_remedy(sl_notes_add(&p->notes, SL_NOTE_ERROR, p->file, 1, 1, "officers",
		                           "%u of %u officers: nobody could ever sign another policy", officers,
		                           p->officers_needed),
		              "name more officers or lower officers_needed");
}
