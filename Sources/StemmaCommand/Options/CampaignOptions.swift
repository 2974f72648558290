// Which campaign of which store somebody means.

import ArgumentParser
import Loop
import Stemma

struct CampaignOptions: ParsableArguments {
  @Option(help: "The campaign's name; may be left out where there is only one.")
  var campaign: String?

  @OptionGroup var store: StoreOptions

  func name(in database: Database) throws -> String {
    try Loop.campaign(campaign, in: database)
  }
}
