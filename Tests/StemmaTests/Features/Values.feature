Feature: values of expressions, theme by theme

  Scenario Outline: [1] aggregates
    Given an empty graph
    When executing query:
      """
      UNWIND <list> AS x RETURN <aggregate> AS y
      """
    Then the result should be, in any order:
      | y        |
      | <answer> |

    Examples:
      | list                       | aggregate                 | answer           |
      | [1, 2, 3]                  | sum(x)                    | 6                |
      | [1, 2.5, null]             | sum(x)                    | 3.5              |
      | []                         | sum(x)                    | 0                |
      | [null]                     | sum(x)                    | 0                |
      | [1, 2]                     | avg(x)                    | 1.5              |
      | [1, 3]                     | avg(x)                    | 2.0              |
      | [null]                     | avg(x)                    | null             |
      | []                         | avg(x)                    | null             |
      | [1, 'a', null, 0.5]        | max(x)                    | 1                |
      | [1, 'a', null, 0.5]        | min(x)                    | 'a'              |
      | [[1], [2], [2, 1]]         | max(x)                    | [2, 1]           |
      | [[1], [2], [2, 1]]         | min(x)                    | [1]              |
      | [1, 'a', [1, 2]]           | min(x)                    | [1, 2]           |
      | [1, 'a', [1, 2]]           | max(x)                    | 1                |
      | ['a', 'b', 'B', null]      | max(x)                    | 'b'              |
      | ['a', 'b', 'B', null]      | min(x)                    | 'B'              |
      | [true, false]              | max(x)                    | true             |
      | []                         | max(x)                    | null             |
      | [1, null, 2]               | collect(x)                | [1, 2]           |
      | []                         | collect(x)                | []               |
      | [1, null, 1, 2]            | collect(DISTINCT x)       | [1, 2]           |
      | [1, null, 1, 2]            | count(DISTINCT x)         | 2                |
      | [1, null, 1, 2]            | count(x)                  | 3                |
      | [1, null, 1, 2]            | count(*)                  | 4                |
      | [1, null, 1, 2]            | count(DISTINCT null)      | 0                |
      | [1, 1.0, 2]                | count(DISTINCT x)         | 2                |
      | [10, 20, 30]               | percentileDisc(x, 0.5)    | 20               |
      | [10, 20, 30]               | percentileDisc(x, 1.0)    | 30               |
      | [10, 20, 30]               | percentileDisc(x, 0.0)    | 10               |
      | [10.0, 20.0, 30.0]         | percentileCont(x, 0.25)   | 15.0             |
      | [10, 20, 30]               | percentileCont(x, 1.0)    | 30.0             |
      | [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0] | stDevP(x)   | 2.0              |
      | [1, 3]                     | stDevP(x)                 | 1.0              |
      | [1]                        | stDev(x)                  | 0.0              |
      | [1, 2]                     | sum(DISTINCT x % 1)       | 0                |
      | [1, 2]                     | size(collect(x)) + count(*) | 4              |
      | [1, 2]                     | {s: sum(x), c: count(*)}  | {s: 3, c: 2}     |
      | [1, 2]                     | [sum(x), max(x)]          | [3, 2]           |
      | [duration('P1D'), duration('PT1S')] | toString(sum(x)) | 'P1DT1S'         |

  Scenario Outline: [2] functions on lists and strings
    Given any graph
    When executing query:
      """
      RETURN <call> AS y
      """
    Then the result should be, in any order:
      | y        |
      | <answer> |

    Examples:
      | call                                | answer                |
      | head([1, 2])                        | 1                     |
      | head([])                            | null                  |
      | head(null)                          | null                  |
      | last([1, 2])                        | 2                     |
      | last([])                            | null                  |
      | tail([1, 2, 3])                     | [2, 3]                |
      | tail([])                            | []                    |
      | reverse([1, 2, null])               | [null, 2, 1]          |
      | reverse('raksO')                    | 'Oskar'               |
      | reduce(s = '', x IN ['a', 'b'] \| s + x) | 'ab'             |
      | reduce(s = 0, x IN [] \| s + x)     | 0                     |
      | reduce(s = 0, x IN null \| s + x)   | null                  |
      | size('日本語')                      | 3                     |
      | size([1, [2, 3]])                   | 2                     |
      | size(null)                          | null                  |
      | replace('banana', 'a', 'o')         | 'bonono'              |
      | replace('aaa', 'aa', 'b')           | 'ba'                  |
      | replace('abc', 'x', null)           | null                  |
      | split('one1two', '1')               | ['one', 'two']        |
      | split(',a,', ',')                   | ['', 'a', '']         |
      | split('', ',')                      | ['']                  |
      | split(null, ',')                    | null                  |
      | substring('0123456789', 1)          | '123456789'           |
      | substring('hello', 1, 3)            | 'ell'                 |
      | substring('hello', 9)               | ''                    |
      | substring('hello', 2, 100)          | 'llo'                 |
      | left('hello', 3)                    | 'hel'                 |
      | left('hello', 9)                    | 'hello'               |
      | right('hello', 3)                   | 'llo'                 |
      | ltrim('  a ')                       | 'a '                  |
      | rtrim('  a ')                       | '  a'                 |
      | trim('\n a\t')                      | 'a'                   |
      | toLower('ÄbC')                      | 'äbc'                 |
      | toUpper('äbC')                      | 'ÄBC'                 |
      | toString(1.0)                       | '1.0'                 |
      | toString(true)                      | 'true'                |
      | toString(1e300)                     | '1e300'               |
      | toInteger('12')                     | 12                    |
      | toInteger('1.9')                    | 1                     |
      | toInteger(-1.9)                     | -1                    |
      | toInteger('x')                      | null                  |
      | toFloat('1.5e3')                    | 1500.0                |
      | toFloat(3)                          | 3.0                   |
      | toFloat('x')                        | null                  |
      | toBoolean('TRUE')                   | true                  |
      | toBoolean('no')                     | null                  |
      | range(0, 10, 3)                     | [0, 3, 6, 9]          |
      | range(3, 1, -1)                     | [3, 2, 1]             |
      | range(3, 1)                         | []                    |
      | [1, 2, 3][-1]                       | 3                     |
      | [1, 2, 3][3]                        | null                  |
      | [1, 2, 3][1..]                      | [2, 3]                |
      | [1, 2, 3][..-1]                     | [1, 2]                |
      | [1, 2, 3][2..1]                     | []                    |
      | [1, 2, 3][null..1]                  | null                  |
      | [1] + 2 + [3]                       | [1, 2, 3]             |
      | [[1]] + [2]                         | [[1], 2]              |
      | 1 + [2]                             | [1, 2]                |
      | [1] + null                          | null                  |
      | 'a' + 'b' + 1                       | 'ab1'                 |
      | null + 'a'                          | null                  |
      | {a: {b: [1, 2]}}.a.b[1]             | 2                     |
      | {a: 1}['a']                         | 1                     |
      | {a: 1}.b                            | null                  |
      | {a: 1}[null]                        | null                  |
      | size(keys({b: 1, a: null}))         | 2                     |
      | coalesce(null, null, 2)             | 2                     |
      | coalesce(null)                      | null                  |
      | properties({a: 1})                  | {a: 1}                |
      | exists({a: 1}.a)                    | true                  |

  Scenario Outline: [3] numbers
    Given any graph
    When executing query:
      """
      RETURN <term> AS y
      """
    Then the result should be, in any order:
      | y        |
      | <answer> |

    Examples:
      | term                  | answer                 |
      | 7 / 2                 | 3                      |
      | -7 / 2                | -3                     |
      | -7 % 3                | -1                     |
      | 7 % -3                | 1                      |
      | 7.5 % 2               | 1.5                    |
      | 2 ^ 3                 | 8.0                    |
      | 4 ^ 3 ^ 2             | 4096.0                 |
      | -3 ^ 2                | 9.0                    |
      | 2 * 3 + 4 % 3 - -1    | 8                      |
      | 1.0 / 0.0 > 10        | true                   |
      | abs(-3)               | 3                      |
      | abs(-3.5)             | 3.5                    |
      | sign(-3)              | -1                     |
      | sign(0.0)             | 0                      |
      | ceil(1.2)             | 2.0                    |
      | floor(-1.2)           | -2.0                   |
      | round(1.5)            | 2.0                    |
      | round(-1.5)           | -1.0                   |
      | round(2.4)            | 2.0                    |
      | sqrt(16)              | 4.0                    |
      | exp(0)                | 1.0                    |
      | log(1)                | 0.0                    |
      | log10(100)            | 2.0                    |
      | e() > 2.718           | true                   |
      | pi() > 3.1415         | true                   |
      | sin(0)                | 0.0                    |
      | cos(0)                | 1.0                    |
      | atan2(0, 1)           | 0.0                    |
      | degrees(0)            | 0.0                    |
      | haversin(0)           | 0.0                    |
      | sqrt(null)            | null                   |
      | 9223372036854775807   | 9223372036854775807    |
      | -9223372036854775808  | -9223372036854775808   |
      | 0x1F                  | 31                     |
      | -0x8000000000000000   | -9223372036854775808   |
      | 0o17                  | 15                     |
      | .5                    | 0.5                    |
      | 1e9                   | 1000000000.0           |
      | 1E-3                  | 0.001                  |
      | -.1e-5                | -0.000001              |
      | 0.0                   | 0.0                    |

  Scenario Outline: [4] truth and null
    Given any graph
    When executing query:
      """
      RETURN <term> AS y
      """
    Then the result should be, in any order:
      | y        |
      | <answer> |

    Examples:
      | term                             | answer |
      | null AND false                   | false  |
      | null OR true                     | true   |
      | null XOR true                    | null   |
      | NOT null                         | null   |
      | 1 = 1.0                          | true   |
      | 1 = '1'                          | false  |
      | null = null                      | null   |
      | null <> null                     | null   |
      | [1, null] = [1, 2]               | null   |
      | [1, null] = [2, null]            | false  |
      | [1, null] = [1]                  | false  |
      | {a: null} = {a: null}            | null   |
      | {a: 1} = {a: 1.0}                | true   |
      | {a: 1} = {b: 1}                  | false  |
      | {a: null} = {}                   | false  |
      | 1 < 'a'                          | null   |
      | 'a' < 'b'                        | true   |
      | false < true                     | true   |
      | [1, 2] < [1, 3]                  | true   |
      | [1] < [1, null]                  | true   |
      | [1, 2] >= [1, null]              | null   |
      | 0.0 / 0.0 = 0.0 / 0.0            | false  |
      | 0.0 / 0.0 <> 1                   | true   |
      | 0.0 / 0.0 > 1                    | false  |
      | 0.0 / 0.0 < 'a'                  | null   |
      | 1 < 2 < 3                        | true   |
      | 1 < 3 > 2                        | true   |
      | 1 < 2 <= null                    | null   |
      | 3 < 2 <= null                    | false  |
      | 1 IN [1, null]                   | true   |
      | 2 IN [1, null]                   | null   |
      | null IN []                       | false  |
      | null IN [null]                   | null   |
      | [1] IN [[1], 2]                  | true   |
      | [null] IN [[null]]               | null   |
      | [1, 2] IN [1, 2]                 | false  |
      | NOT 1 IN [1]                     | false  |
      | 'abc' STARTS WITH 'ab'           | true   |
      | 'abc' STARTS WITH null           | null   |
      | 'abc' ENDS WITH 1                | null   |
      | 'abc' CONTAINS ''                | true   |
      | null IS NULL                     | true   |
      | NOT null IS NULL                 | false  |
      | null IS NOT NULL                 | false  |
      | true XOR true AND false          | true   |
      | NOT false = false                | false  |
      | true OR true XOR true            | true   |
      | all(x IN [] WHERE x)             | true   |
      | any(x IN [] WHERE x)             | false  |
      | none(x IN [] WHERE x)            | true   |
      | single(x IN [] WHERE x)          | false  |
      | all(x IN [1, null] WHERE x = 1)  | null   |
      | all(x IN [2, null] WHERE x = 1)  | false  |
      | any(x IN [1, null] WHERE x = 1)  | true   |
      | any(x IN [2, null] WHERE x = 1)  | null   |
      | none(x IN [2, null] WHERE x = 1) | null   |
      | none(x IN [1, null] WHERE x = 1) | false  |
      | single(x IN [1, null] WHERE x = 1) | null |
      | single(x IN [1, 1, null] WHERE x = 1) | false |
      | any(x IN null WHERE x = 1)       | null   |
      | CASE 1 WHEN 1.0 THEN true END    | true   |
      | CASE null WHEN null THEN 1 ELSE 2 END | 2 |
      | CASE WHEN null THEN 1 END        | null   |

  Scenario Outline: [5] moments
    Given any graph
    When executing query:
      """
      RETURN <term> AS y
      """
    Then the result should be, in any order:
      | y        |
      | <answer> |

    Examples:
      | term                                                     | answer                          |
      | toString(date('2015-W30-2'))                             | '2015-07-21'                    |
      | toString(date('2015202'))                                | '2015-07-21'                    |
      | toString(date('2015-Q2-60'))                             | '2015-05-30'                    |
      | toString(date('201507'))                                 | '2015-07-01'                    |
      | toString(date({year: 1984, quarter: 3, dayOfQuarter: 45})) | '1984-08-14'                  |
      | toString(date({year: 1817, week: 1}))                    | '1816-12-30'                    |
      | toString(localtime('214032.142'))                        | '21:40:32.142'                  |
      | toString(time('21:40-01:30'))                            | '21:40-01:30'                   |
      | toString(time('2140Z'))                                  | '21:40Z'                        |
      | toString(localdatetime('2015-W30-2T214032.142'))         | '2015-07-21T21:40:32.142'       |
      | toString(datetime('2015-07-21T21:40:32.142+0100'))       | '2015-07-21T21:40:32.142+01:00' |
      | toString(datetime('2015-07-21T21:40:32[Europe/London]')) | '2015-07-21T21:40:32+01:00[Europe/London]' |
      | toString(datetime({epochSeconds: 416779, nanosecond: 123456789})) | '1970-01-05T19:46:19.123456789Z' |
      | toString(datetime({epochMillis: 237821673987}))          | '1977-07-15T13:34:33.987Z'      |
      | toString(duration('P5M1.5D'))                            | 'P5M1DT12H'                     |
      | toString(duration('P0.75M'))                             | 'P22DT19H51M49.5S'              |
      | toString(duration({months: 0.75}))                       | 'P22DT19H51M49.5S'              |
      | toString(duration({weeks: 2.5}))                         | 'P17DT12H'                      |
      | toString(duration('PT-1.5S'))                            | 'PT-1.5S'                       |
      | toString(duration('P2012-02-02T14:37:21.545'))           | 'P2012Y2M2DT14H37M21.545S'      |
      | toString(duration({minutes: 1.5, seconds: 1}))           | 'PT1M31S'                       |
      | toString(duration({years: 12, months: 5, days: -14, hours: 16})) | 'P12Y5M-14DT16H'        |
      | toString(duration({seconds: 2, milliseconds: -1}))       | 'PT1.999S'                      |
      | toString(duration({seconds: -2, milliseconds: 1}))       | 'PT-1.999S'                     |
      | toString(duration({days: 1, milliseconds: -1}))          | 'P1DT-0.001S'                   |
      | toString(date('2018-01-31') + duration('P1M'))           | '2018-02-28'                    |
      | toString(time('23:59Z') + duration('PT2M'))              | '00:01Z'                        |
      | toString(date('2018-01-01') - duration('PT25H'))         | '2017-12-31'                    |
      | toString(duration('P1Y') / 2)                            | 'P6M'                           |
      | toString(duration('PT1S') * 0.5)                         | 'PT0.5S'                        |
      | toString(duration.between(date('1984-10-11'), date('2015-06-24'))) | 'P30Y8M13D'           |
      | toString(duration.inMonths(date('2018-03-31'), date('2018-04-30'))) | 'PT0S'               |
      | toString(duration.inDays(date('2018-01-01'), localdatetime('2018-01-03T23:59'))) | 'P2D'   |
      | toString(duration.inSeconds(time('23:59Z'), time('00:01Z'))) | 'PT-23H-58M'                |
      | toString(duration.between(localdatetime('2018-01-01T12:00'), date('2018-01-02'))) | 'PT12H' |
      | duration({hours: 25}).days                               | 0                               |
      | duration('PT90M').minutesOfHour                          | 30                              |
      | date('2015-07-21').week                                  | 30                              |
      | date('2015-07-21').weekYear                              | 2015                            |
      | date('2015-07-21').dayOfQuarter                          | 21                              |
      | date('2015-07-21').weekDay                               | 2                               |
      | date('2015-07-21').ordinalDay                            | 202                             |
      | datetime('2015-07-21T21:40:32.142+01:00').epochMillis    | 1437511232142                   |
      | datetime('2015-07-21T21:40:32.142+01:00').offsetMinutes  | 60                              |
      | time('12:00+01:00').timezone                             | '+01:00'                        |
      | localtime('12:31:14.645876123').microsecond              | 645876                          |
      | toString(date.truncate('millennium', date('2017-10-11')))  | '2000-01-01'                  |
      | toString(date.truncate('weekYear', date('1984-01-01'), {day: 5})) | '1983-01-05'           |
      | toString(datetime.truncate('week', localdatetime('1984-10-11T12:31'), {timezone: '+01:00'})) | '1984-10-08T00:00+01:00' |
      | toString(localtime.truncate('millisecond', localtime('12:31:14.645876'), {nanosecond: 2})) | '12:31:14.645000002' |
      | toString(date({date: date('1984-11-11'), year: 28}))     | '0028-11-11'                    |
      | toString(time({time: localtime('12:00'), timezone: '+05:00'})) | '12:00+05:00'             |
      | toString(time({time: time('12:00+01:00'), timezone: '+05:00'})) | '16:00+05:00'            |
      | toString(datetime({date: date('1984-10-11'), time: time('12:31:14.5+01:00'), day: 28, second: 42})) | '1984-10-28T12:31:42.5+01:00' |
      | toString(datetime.fromepoch(416779, 999999999))          | '1970-01-05T19:46:19.999999999Z' |
      | toString(datetime.fromepochmillis(237821673987))         | '1977-07-15T13:34:33.987Z'      |
      | date('2015-01-01') < date('2016-01-01')                  | true                            |
      | time('12:00+01:00') = time('11:00Z')                     | false                           |
      | datetime('2015-01-01T12:00+01:00') = datetime('2015-01-01T11:00Z') | false                 |
      | duration({months: 1}) = duration({days: 30})             | false                           |
      | duration('P1D') < duration('P2D')                        | null                            |
      | date('2015-01-01') < localtime('12:00')                  | null                            |
      | date(null)                                               | null                            |
      | toString(datetime({year: 2015, timezone: 'Europe/Stockholm', month: 7})) | '2015-07-01T00:00+02:00[Europe/Stockholm]' |
