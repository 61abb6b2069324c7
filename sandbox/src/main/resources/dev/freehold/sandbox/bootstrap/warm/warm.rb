# Loaded and called by the bootstrap while its environment waits, so that what every function needs
# is loaded before there is one.
module FreeholdBootstrap
  module Warm
    def self.handler(event:, context:)
      event
    end
  end
end
