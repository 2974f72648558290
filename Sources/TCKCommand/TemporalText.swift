// The text of temporal values, as the TCK's tables write them.

import Base

/// The ISO 8601 text of a temporal value.
func temporalText(_ value: Value) -> String { value.temporalText ?? String(describing: value) }
