// A name for the graph's operations beside Foundation's.

import Graph

typealias GraphOperation = Operation
