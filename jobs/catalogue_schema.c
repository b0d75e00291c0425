/* catalogue_schema.c - see policy_schema.h. */
#include "jobs/policy_schema.h"

/* JSON as it stands, made a text by the preprocessor. */
#define JSON(...) #__VA_ARGS__

#define HEAD JSON("$schema": "http://json-schema.org/draft-07/schema#", "title": "Sluice catalogue", "type": "object", \
	"additionalProperties": false, "required": ["name", "resources"])

#define DEFINITIONS JSON("definitions": { \
	"name": {"type": "string", "pattern": "^[^ -,./:-@\\[-^`{-~]{1,64}$"}, \
	"text": {"type": "string", "pattern": \
		"^[^\\u0000-\\u001f\\u007f-\\u009f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]*$"}, \
	"said": {"allOf": [{"$ref": "#/definitions/text"}, {"minLength": 1}]}, \
	"label": {"allOf": [{"$ref": "#/definitions/said"}, {"not": {"enum": ["(other)", "(missing)", "[c]"]}}]}, \
	"texts": {"type": "array", "maxItems": 64, "items": {"$ref": "#/definitions/text"}}, \
	"table": {"type": "string", "pattern": "^[^ -,./:-@\\[-^`{-~]+[.][^ -,./:-@\\[-^`{-~]+$"}, \
	"tables": {"type": "string", "pattern": "^[^ -,./:-@\\[-^`{-~]+[.]([^ -,./:-@\\[-^`{-~]+|[*])$"}, \
	"day": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}, \
	"point": {"anyOf": [{"type": "number"}, {"$ref": "#/definitions/day"}]}, \
	"band": {"type": "object", "additionalProperties": false, "properties": {"from": {"$ref": "#/definitions/point"}, \
		"to": {"$ref": "#/definitions/point"}, \
		"label": {"$ref": "#/definitions/label"}}}, \
	"one": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "#/definitions/said"}}})

#define PACKAGE JSON("$schema": true, "profile": true, "id": true, "description": true, "homepage": true, \
	"version": true, "created": true, "keywords": true, "licenses": true, "sources": true, \
	"contributors": true, "image": true, "name": {"$ref": "#/definitions/name"}, "title": {"$ref": "#/definitions/text"})

#define OF_TABLE JSON("sluice": {"type": "object", "additionalProperties": false, "required": ["owner", "class"], \
	"oneOf": [{"required": ["unit"]}, {"required": ["reference"]}], \
	"if": {"required": ["reference"]}, "then": {"properties": {"class": {"const": "open"}, \
		"one_row_per_unit": false, "owner_approval": false, "joins": false, "rhythm": false, "quality": false, \
		"public": false}}, \
	"properties": {"owner": {"$ref": "#/definitions/said"}, \
		"class": {"enum": ["open", "on_application", "confidential"]}, \
		"unit": {"type": "object", "additionalProperties": false, "required": ["column", "space"], "properties": { \
			"column": {"$ref": "#/definitions/said"}, "space": {"$ref": "#/definitions/name"}}}, \
		"reference": {"type": "object", "additionalProperties": false, "required": ["key"], "properties": { \
			"key": {"$ref": "#/definitions/said"}, "label": {"$ref": "#/definitions/said"}}}, \
		"one_row_per_unit": {"type": "boolean"}, "period": {"$ref": "#/definitions/text"}, \
		"owner_approval": {"type": "boolean"}, "quality": {"enum": ["closed", "open"]}, \
		"joins": {"type": "array", "maxItems": 200, "items": {"$ref": "#/definitions/tables"}}, \
		"public": {"type": "array", "maxItems": 8, "items": {"type": "object", "additionalProperties": false, \
			"required": ["by"], "properties": {"name": {"$ref": "#/definitions/said"}, \
				"by": {"type": "array", "maxItems": 8, "uniqueItems": true, "items": {"$ref": "#/definitions/said"}}, \
				"source": {"$ref": "#/definitions/text"}}}}, \
		"rhythm": {"type": "string", "pattern": "^P[1-9][0-9]{0,2}[DWMY]$"}}})

#define RESOURCE JSON("$schema": true, "profile": true, "type": true, "format": true, "mediatype": true, \
	"bytes": true, "hash": true, "sources": true, "licenses": true, "homepage": true, \
	"name": {"$ref": "#/definitions/name"}, "title": {"$ref": "#/definitions/text"}, \
	"description": {"$ref": "#/definitions/text"}, "encoding": {"enum": ["utf-8", "UTF-8", "utf8"]}, \
	"path": {"allOf": [{"$ref": "#/definitions/text"}, {"pattern": "^[^/:\\\\][^:\\\\]*[.]csv([.]gz)?$"}, \
		{"not": {"pattern": "(^|/)([.]{0,2})(/|$)"}}]}, \
	"dialect": {"type": "object", "additionalProperties": false, "properties": {"$schema": true, "csvddfVersion": true, \
		"lineTerminator": true, "delimiter": {"enum": [",", ";", "\t", "|"]}, "header": {"const": true}, \
		"quoteChar": {"const": "\""}, "doubleQuote": {"const": true}}})

#define CONSTRAINTS JSON("constraints": {"type": "object", "additionalProperties": false, "properties": { \
	"required": {"type": "boolean"}, "unique": true, "pattern": true, "minLength": true, "maxLength": true, \
	"minimum": {"$ref": "#/definitions/point"}, "maximum": {"$ref": "#/definitions/point"}, \
	"enum": {"type": "array", "minItems": 1, "maxItems": 20000, "uniqueItems": true}}})

#define OF_FIELD JSON("sluice": {"type": "object", "additionalProperties": false, "properties": { \
	"uses": {"type": "array", "uniqueItems": true, "items": {"enum": ["group", "filter", "measure"]}}, \
	"level": {"type": "integer", "minimum": 1, "maximum": 4}, "measured_in": {"$ref": "#/definitions/said"}, \
	"scale": {"type": "integer", "minimum": 0, "maximum": 9}, "sensitive": {"type": "boolean"}, \
	"structural_zero": {"type": "boolean"}, "other": {"type": "boolean"}, "domain": {"$ref": "#/definitions/table"}, \
	"labels": {"type": "object", "additionalProperties": {"$ref": "#/definitions/label"}}, \
	"bands": {"type": "array", "minItems": 1, "maxItems": 256, \
		"items": {"anyOf": [{"$ref": "#/definitions/point"}, {"$ref": "#/definitions/band"}]}}}})

/* What depends on the column's type. */
#define TYPES JSON("allOf": [ \
	{"if": {"properties": {"type": {"const": "number"}}}, \
		"else": {"properties": {"sluice": {"properties": {"scale": false}}}}}, \
	{"if": {"properties": {"type": {"enum": ["integer", "number", "date"]}}}, \
		"else": {"properties": {"constraints": {"properties": {"minimum": false, "maximum": false}}, \
			"sluice": {"properties": {"bands": false}}}}}, \
	{"if": {"properties": {"type": {"enum": ["integer", "number"]}, "constraints": {"not": {"required": ["enum"]}}}}, \
		"then": {"properties": {"constraints": {"properties": {"minimum": {"type": "number"}, \
			"maximum": {"type": "number"}}}, \
			"sluice": {"properties": {"bands": {"items": {"type": ["number", "object"]}}}}}}, \
		"else": {"properties": {"sluice": {"properties": {"uses": {"items": {"enum": ["group", "filter"]}}}}}}}, \
	{"if": {"properties": {"type": {"const": "integer"}}}, \
		"then": {"properties": {"sluice": {"properties": {"bands": {"items": {"type": ["integer", "object"]}}}}}}}, \
	{"if": {"properties": {"type": {"const": "string"}, "constraints": {"not": {"required": ["enum"]}}, \
			"sluice": {"not": {"required": ["domain"]}}}}, \
		"then": {"properties": {"sluice": {"properties": {"uses": {"maxItems": 0}}}}}}, \
	{"if": {"properties": {"type": {"const": "string"}}}, \
		"then": {"properties": {"constraints": {"properties": {"enum": {"items": {"type": "string"}}}}}}}, \
	{"if": {"properties": {"type": {"const": "boolean"}}}, \
		"else": {"properties": {"trueValues": false, "falseValues": false}}}, \
	{"if": {"properties": {"type": {"const": "date"}}, "required": ["format"]}, \
		"then": {"properties": {"format": {"pattern": "^(default|%[Ymd][-/. ]%[Ymd][-/. ]%[Ymd])$"}}}}, \
	{"if": {"anyOf": [{"properties": {"type": {"const": "boolean"}}}, \
			{"required": ["constraints"], "properties": {"constraints": {"required": ["enum"]}}}]}, \
		"else": {"properties": {"sluice": {"properties": {"labels": false}}}}}, \
	{"if": {"anyOf": [{"required": ["constraints"], "properties": {"constraints": {"required": ["enum"]}}}, \
			{"required": ["sluice"], "properties": {"sluice": {"required": ["domain"]}}}]}, \
		"else": {"properties": {"sluice": {"properties": {"other": false}}}}}, \
	{"if": {"properties": {"type": {"enum": ["integer", "number", "date"]}, \
			"constraints": {"not": {"required": ["enum"]}}, \
			"sluice": {"not": {"anyOf": [{"required": ["bands"]}, {"required": ["domain"]}]}}}}, \
		"then": {"properties": {"sluice": {"properties": {"uses": {"items": {"enum": ["filter", "measure"]}}}}}}}], \
	"dependencies": {"trueValues": ["falseValues"], "falseValues": ["trueValues"]})

#define FIELD JSON("name": {"$ref": "#/definitions/said"}, \
	"type": {"enum": ["integer", "number", "string", "boolean", "date"]}, "title": {"$ref": "#/definitions/text"}, \
	"description": {"$ref": "#/definitions/text"}, "example": true, "rdfType": true, \
	"format": {"$ref": "#/definitions/said"}, "missingValues": {"$ref": "#/definitions/texts"}, \
	"trueValues": {"$ref": "#/definitions/one"}, "falseValues": {"$ref": "#/definitions/one"})

#define OBJECT "\"type\": \"object\", \"additionalProperties\": false, "
#define FIELDS "\"fields\": {\"type\": \"array\", \"minItems\": 1, \"maxItems\": 512, \"items\": {" OBJECT \
	"\"required\": [\"name\", \"type\"], " TYPES ", \"properties\": {" FIELD ", " CONSTRAINTS ", " OF_FIELD "}}}"
#define SCHEMA "\"schema\": {" OBJECT "\"required\": [\"fields\"], \"properties\": {" \
	JSON("$schema": true, "profile": true, "fieldsMatch": true, "primaryKey": true, "uniqueKeys": true, \
	"foreignKeys": true, "missingValues": {"$ref": "#/definitions/texts"}) ", " FIELDS "}}"

const char sl_catalogue_schema[] =
	"{" HEAD ", " DEFINITIONS ", \"properties\": {" PACKAGE ", \"resources\": {\"type\": \"array\", \"maxItems\": 200, "
	"\"items\": {" OBJECT "\"required\": [\"name\", \"path\", \"schema\", \"sluice\"], \"properties\": {" RESOURCE ", "
	OF_TABLE ", " SCHEMA "}}}}}";
