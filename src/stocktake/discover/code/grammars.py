"""What the grammars of tree-sitter call the same things; one set for all languages, since no word means two things."""

from __future__ import annotations

_STRINGS = (
    "encapsed_string heredoc interpolated_string_expression interpreted_string_literal multiline_string_literal "
    "raw_string_literal string string_literal template_string verbatim_string_literal"
)
_PIECES = (
    "escape_sequence interpreted_string_literal_content raw_string_content raw_string_literal_content string_content "
    "string_fragment string_literal_content"
)
_NUMBERS = "decimal_integer_literal int_literal integer integer_literal number number_literal"
_CALLS = (
    "annotation call call_expression composite_literal function_call_expression invocation_expression "
    "macro_invocation member_call_expression method_invocation new_expression object_creation_expression "
    "scoped_call_expression struct_expression"
)
_GIVEN = (
    "annotation_argument_list argument_list arguments field_initializer_list initializer_expression literal_value "
    "token_tree value_arguments"
)
_PAIRS = "array_element_initializer element_value_pair field_initializer keyed_element pair"
_ASSIGNED = (
    "assignment assignment_expression assignment_pattern assignment_statement "
    "const_element const_item const_spec let_declaration "
    "optional_parameter property_declaration property_element public_field_definition required_parameter "
    "short_var_declaration static_item var_spec variable_declarator"
)
_CHOICES = "binary binary_expression conditional_expression elvis_expression"
_LOOKUPS = "element_access_expression element_reference member_expression subscript_expression"
_IMPORTS = (
    "import import_declaration import_header import_spec import_statement namespace_use_clause use_declaration "
    "using_directive"
)
_READERS = (
    "deno.env.get env env.fetch env.var environment.getenvironmentvariable getenv option_env os.getenv os.lookupenv "
    "std.env.var system.getenv"
)
_COMMENTS = "block_comment comment line_comment multiline_comment"

STRINGS = frozenset(_STRINGS.split())
PIECES = frozenset(_PIECES.split())
NUMBERS = frozenset(_NUMBERS.split())
CALLS = frozenset(_CALLS.split())
GIVEN = frozenset(_GIVEN.split())
PAIRS = frozenset(_PAIRS.split())
ASSIGNED = frozenset(_ASSIGNED.split())
CHOICES = frozenset(_CHOICES.split())
LOOKUPS = frozenset(_LOOKUPS.split())
COMMENTS = frozenset(_COMMENTS.split())
# An argument with or without a name.
ARGUMENTS = frozenset(("argument", "literal_element", "value_argument"))
IMPORTS = frozenset(_IMPORTS.split())
# Functions that read the environment, as their words in small letters.
READERS = frozenset(_READERS.split())
# Objects that hold the environment.
ENVIRONMENTS = frozenset(("$_env", "$_server", "bun.env", "env", "import.meta.env", "process.env"))
FORMATS = frozenset(("format", "sprintf"))
# Functions to which a key and its value are given one after the other.
SETTERS = frozenset(("addproperty", "config", "option", "put", "set", "setproperty"))
