import aiohttp
import pytest

from tests.contract.standins.service import Api, Time, served
from tests.standins.wechat import WeChatServer
from tests.standins.wecom import WeComServer


@pytest.fixture
def time():
    return Time()


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture(params=["plain", "safe"])
async def either_mode(request, time):
    async with WeChatServer(time, mode=request.param) as server:
        yield server


@pytest.fixture
async def wechat(time):
    async with WeChatServer(time) as server:
        yield server


@pytest.fixture
async def service(wechat):
    async with served(wechat) as running:
        yield running


@pytest.fixture
def api(wechat, http):
    return Api(wechat, http)


@pytest.fixture
async def wecom(time):
    async with WeComServer(time) as server:
        yield server


@pytest.fixture
async def app_service(wecom):
    async with served(wecom) as running:
        yield running


@pytest.fixture
def app_api(wecom, http):
    return Api(wecom, http)


@pytest.fixture
def her(wechat, service):
    """A follower of the WeChat account, which has a service."""
    return wechat.follower("o1", following=True)
