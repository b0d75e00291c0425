/* policy_schema.c - see policy_schema.h. */
#include "jobs/policy_schema.h"

/* JSON as it stands, made a text by the preprocessor. */
#define JSON(...) #__VA_ARGS__

#define HEAD JSON("$schema": "http://json-schema.org/draft-07/schema#", "title": "Sluice policy", "type": "object", \
	"additionalProperties": false, \
	"required": ["sluice_policy", "enclave", "serial", "people", "catalogues", "disclosure", "projects"])

#define DEFINITIONS JSON("definitions": { \
	"name": {"type": "string", "pattern": "^[^ -,./:-@\\[-^`{-~]{1,64}$"}, \
	"text": {"type": "string", "maxLength": 512}, \
	"day": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}, \
	"table": {"type": "string", "pattern": "^[^ -,./:-@\\[-^`{-~]+[.][^ -,./:-@\\[-^`{-~]+$"}, \
	"role": {"enum": ["analyst", "reviewer", "officer", "owner", "auditor", "operator"]}, \
	"count": {"type": "integer", "minimum": 1, "maximum": 100000}, \
	"approvals": {"type": "integer", "minimum": 1, "maximum": 10}, \
	"released": {"anyOf": [{"const": false}, {"type": "integer", "minimum": 1, "maximum": 1000000000000}]}, \
	"base": {"type": "integer", "minimum": 2, "maximum": 1000}, \
	"ms": {"type": "integer", "minimum": 100, "maximum": 600000}, \
	"long_ms": {"type": "integer", "minimum": 100, "maximum": 86400000}, \
	"memory": {"type": "integer", "minimum": 67108864, "maximum": 1099511627776}, \
	"columns": {"type": "object", "additionalProperties": { \
		"type": "array", "uniqueItems": true, "items": {"enum": ["group", "filter", "measure"]}}, \
		"properties": {"reason": {"$ref": "#/definitions/words"}, "remedy": {"$ref": "#/definitions/words"}}}, \
	"words": {"anyOf": [{"$ref": "#/definitions/text"}, \
		{"type": "array", "uniqueItems": true, "items": {"enum": ["group", "filter", "measure"]}}]}})

#define PEOPLE JSON( \
	"sluice_policy": {"type": "integer", "const": 1}, \
	"enclave": {"$ref": "#/definitions/name"}, \
	"serial": {"type": "integer", "minimum": 1}, \
	"description": {"type": "string", "maxLength": 4096}, \
	"officers_needed": {"type": "integer", "minimum": 1, "maximum": 10}, \
	"people": {"type": "object", "maxProperties": 1000, "propertyNames": {"$ref": "#/definitions/name"}, \
		"additionalProperties": {"type": "object", "additionalProperties": false, "required": ["roles", "key"], \
		"properties": {"roles": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/definitions/role"}}, \
			"key": {"type": "string", "maxLength": 1024, "pattern": "^(ssh-ed25519|sk-ssh-ed25519@openssh[.]com) [^\\n]*$"}, \
			"organisation": {"type": "string", "maxLength": 128}}}}, \
	"exceptions": {"type": "array", "maxItems": 1000, "items": {"type": "object", "additionalProperties": false, \
		"required": ["person", "roles", "reason", "expires"], "properties": {"person": {"$ref": "#/definitions/name"}, \
			"roles": {"enum": [["operator", "reviewer"], ["reviewer", "operator"], ["officer", "auditor"], \
				["auditor", "officer"]]}, \
			"reason": {"type": "string", "minLength": 1, "maxLength": 512}, \
			"expires": {"$ref": "#/definitions/day"}}}}, \
	"catalogues": {"type": "object", "propertyNames": {"$ref": "#/definitions/name"}, \
		"additionalProperties": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}})

#define DISCLOSURE JSON("disclosure": {"type": "object", "additionalProperties": false, "required": ["profile"], \
	"properties": {"profile": {"enum": ["tre-uk", "opensafely", "nhs", "cms", "business"]}, \
		"threshold": {"$ref": "#/definitions/count"}, "dof": {"$ref": "#/definitions/count"}, \
		"dominance": {"anyOf": [{"const": false}, {"type": "object", "additionalProperties": false, \
			"required": ["n", "k"], "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 3}, \
			"k": {"type": "number", "exclusiveMinimum": 0, "maximum": 100}}}]}, \
		"p_percent": {"anyOf": [{"const": false}, {"type": "number", "exclusiveMinimum": 0, "maximum": 1000}]}, \
		"group_percent": {"type": "number", "exclusiveMinimum": 0, "maximum": 100}, \
		"zeros": {"enum": ["hide", "show"]}, "numerator": {"type": "boolean"}, \
		"group_disclosure": {"type": "boolean"}, "within_group": {"type": "boolean"}, "all_equal": {"type": "boolean"}, \
		"small_complement": {"type": "boolean"}, "context": {"type": "boolean"}, \
		"round": {"anyOf": [{"const": false}, {"type": "object", "additionalProperties": false, \
			"required": ["base"], "properties": {"base": {"$ref": "#/definitions/base"}}}]}, \
		"midpoint": {"allOf": [{"$ref": "#/definitions/base"}, {"multipleOf": 2}]}, \
		"random": {"$ref": "#/definitions/base"}, \
		"jitter": {"type": "integer", "minimum": 0, "maximum": 15}, "near": {"enum": ["refuse", "earlier"]}, \
		"released_numbers_max": {"$ref": "#/definitions/released"}}, \
	"not": {"anyOf": [{"required": ["round", "midpoint"]}, {"required": ["round", "random"]}, \
		{"required": ["midpoint", "random"]}]}})

#define LIMITS JSON("limits": {"type": "object", "additionalProperties": false, "properties": { \
	"script_cpu_ms": {"$ref": "#/definitions/ms"}, "script_wall_ms": {"$ref": "#/definitions/ms"}, \
	"engine_cpu_ms": {"$ref": "#/definitions/long_ms"}, "engine_wall_ms": {"$ref": "#/definitions/long_ms"}, \
	"check_cpu_ms": {"$ref": "#/definitions/long_ms"}, "check_wall_ms": {"$ref": "#/definitions/long_ms"}, \
	"secondary_work": {"type": "integer", "minimum": 1, "maximum": 1000000}, \
	"load_cpu_ms": {"$ref": "#/definitions/long_ms"}, "load_wall_ms": {"$ref": "#/definitions/long_ms"}, \
	"script_memory_bytes": {"type": "integer", "minimum": 4194304, "maximum": 1073741824}, \
	"engine_memory_bytes": {"$ref": "#/definitions/memory"}, "check_memory_bytes": {"$ref": "#/definitions/memory"}, \
	"load_memory_bytes": {"$ref": "#/definitions/memory"}, \
	"plans_max": {"type": "integer", "minimum": 1, "maximum": 64}, \
	"cells_max": {"type": "integer", "minimum": 1, "maximum": 200000}, \
	"nodes_max": {"type": "integer", "minimum": 1, "maximum": 65536}, \
	"print_bytes_max": {"type": "integer", "minimum": 0, "maximum": 65536}, \
	"output_bytes_max": {"type": "integer", "minimum": 1024, "maximum": 536870912}, \
	"frames_max": {"type": "integer", "minimum": 3, "maximum": 4096}, \
	"slot_ms": {"type": "integer", "minimum": 0, "maximum": 600000}, \
	"threads": {"type": "integer", "minimum": 1, "maximum": 64}, \
	"rows_max": {"type": "integer", "minimum": 1, "maximum": 4294967295}}}, \
	"requires": {"type": "object", "additionalProperties": false, "properties": { \
		"layers": {"type": "array", "maxItems": 64, "items": {"$ref": "#/definitions/name"}}}}, \
	"reviews": {"type": "object", "additionalProperties": false, "properties": { \
		"approvals_by_class": {"type": "object", "additionalProperties": false, "properties": { \
			"open": {"$ref": "#/definitions/approvals"}, "on_application": {"$ref": "#/definitions/approvals"}, \
			"confidential": {"$ref": "#/definitions/approvals"}}}, \
		"same_organisation": {"enum": ["allowed", "never"]}, \
		"unseen_requests_max": {"$ref": "#/definitions/count"}, \
		"unseen_jobs_max": {"$ref": "#/definitions/count"}}}, \
	"refresh_on": {"type": "object", "propertyNames": {"$ref": "#/definitions/table"}, \
		"additionalProperties": {"$ref": "#/definitions/day"}})

#define PROJECTS JSON("projects": {"type": "object", "maxProperties": 1000, \
	"propertyNames": {"$ref": "#/definitions/name"}, "additionalProperties": {"type": "object", \
	"additionalProperties": false, "required": ["purpose", "analysts", "expires", "approvals", "tables"], "properties": { \
		"purpose": {"type": "string", "minLength": 1, "maxLength": 512}, "description": {"type": "string"}, \
		"analysts": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/definitions/name"}}, \
		"expires": {"$ref": "#/definitions/day"}, \
		"approvals": {"$ref": "#/definitions/approvals"}, \
		"owner_approval": {"type": "boolean"}, \
		"released_numbers_max": {"$ref": "#/definitions/released"}, \
		"tables": {"type": "object", "maxProperties": 32, "propertyNames": {"$ref": "#/definitions/table"}, \
			"additionalProperties": {"$ref": "#/definitions/columns"}}, \
		"reason": {"$ref": "#/definitions/text"}, "remedy": {"$ref": "#/definitions/text"}}}})

const char sl_policy_schema[] =
	"{" HEAD ", " DEFINITIONS ", \"properties\": {" PEOPLE ", " DISCLOSURE ", " LIMITS ", " PROJECTS "}}";
