namespace Forethought.Encoding.Tests;

/// <summary>Frames that the reference implementation (zstd 1.5.4, command line) wrote of content that can be computed.</summary>
internal static class ZstdFrames
{
    /// <summary>zstd -3</summary>
    public static byte[] Empty => Convert.FromBase64String(
        "KLUv/SQAAQAAmenYUQ==");

    /// <summary>zstd -3</summary>
    public static byte[] One => Convert.FromBase64String(
        "KLUv/QRYCQAAYVtujKk=");

    /// <summary>zstd -3</summary>
    public static byte[] Zeros => Convert.FromBase64String(
        "KLUv/QRYVQAAEAAAAQCbhjnAAtsjTvM=");

    /// <summary>zstd --fast=3</summary>
    public static byte[] TextFast => Convert.FromBase64String(
        "KLUv/QRIXTMApERtZXRyaWNfMCAwCm1ldHJpY18xIDEyIDQzIDk0IDE2NSAyNTYgMzY3IDQ5OCA2NDkgODExMCAzMSAyNDEyIDQ3MyA3MjQgMjUgMzE2"
        + "IDYwIDk1IDMzMiA3MDMgMTI0IDUzNSA5NjYgNDQ3IDkxOCA0MzkgOTQxMCA1MSA4MiA2NTMgMjc0IDg4NSA1NDYgMjIwIDg5IDYxMiAzNTMgMTE0IDg2"
        + "NSA2NiA0ODcgMzI4IDE4OSA2MTAgOTMxIDg1MiA3OTMgNzU0IDczNSA3NiA3NTAyIDkzMzQ1NiA0NzggODY5IDExMTAgMzExIDYxMiA4OTMgMjI0IDU0"
        + "NSA4ODYgMjcwMiA1MDMgOTQ0IDQzNSA5MTYgNDQ3IDk2OCA1MzkgMTIxMCA3MTIgOTMxNCAzNTYgNzIwIDQ3MjM0IDY0NTYgMzY3IDI1OCAxNjkxMCA0"
        + "MTEgMTEyIDAxMyAxMTQgMTUgOTYwMSAzMjMgNjQ0IDgxNTYgMjQ3IDQ3OCA3MjkwIDMxMTEyIDk1MzE0NSAxMjYgNTMwMSA0NDIgOTEzNCA5NDUgNTA2"
        + "NyA2NTggMjc5IDg4MTAgNTExIDI4OQo2MQozNQoxCm04Ngo2Ngo4Cm0zMgoxOAo1IDkzNiA4NTcgNzk4OSA3MzAxIDc1MiA3OTMgODU0IDkzNTE2MDEg"
        + "NDIgNjMgODQgMTU2IDY3IDg5OCAyMjkgNTQxMCA4MTEgMjIgNjUzIDg0IDUwNSA5NDE2IDQwMSA0NDIgOTYzIDUzNDU2IDMzNyA5NTggNjI5IDMxMTAg"
        + "MjExIDcyNAozCm04MQo0Cm00OQo2Cm0yNQo2Cm01Njc4OSA0MTAgOTExMTEzIDM0IDQ5NSA2NDYgODEyIDQzIDc0IDI3IDk4IDM5IDcxMCAxMTEgNTEz"
        + "IDQxNCA5NSA0MzE2IDkzIDI3NyA4OCA2OSAzMTAgMTEgODYyIDY2MTMgNDE0IDM1IDE4NjcgNzggODkgOTEwMTEgMTIgMzMgNDQ1IDg2NiAxMTIgODk3"
        + "IDY4IDg5IDUxMDExIDQxCm02Cm01MwoxMgo3MAoyIDk1NyA0OCAyOSAzMTAgODEgNjIgNDkzIDM2NCAyNTE1IDE2MiAwNDUgOTcgMjggMzkgNDEwIDYx"
        + "MTE1IDcxNiAwIDMxMSA2MjMzCjcwCjE2IDUzNyA5NjggNDQ5IDkxMTAgNDExIDkyIDUwNjUKMjcKODgKNTQKMjIKODkKNjEKMzUKMTEKODYKNjYKNDgK"
        + "MgptMSA2MTc5CjE2IDcyIDczIDg0IDk3IDM4IDQ5IDYxMCA4MTExMTE0IDgyMgo1NAo4OAoyNwo2NQo3IDk4IDQ5IDkxMCA1MTEgMTIgNzAxMTQgOTE1"
        + "IDY2IDMxMiA0MyAyNCAzNjM2CjI1CjExIDkxMyAxNDE1IDE2IDQwIDE2MiAyNTMgMzY0IDQ5NSA2NyAzOCAyNAqBjqixIELq9jtBhsQYKqK6AREgBE6U"
        + "upVhO4hK+WkdoFYksUcUFXlgmGaJWz1G8FFvVC5aSiLGRZWOoQIHb//yZ3qmD5FkKVCuKGXyUhwwhRLOD04DVs1dKCgl9+h6AAGuaYxS9LyUIA2IKg0Z"
        + "KhS3k0KUm9oj5cBW40sBQM0AIAIEIwTn1P+5y8QAWTgumJvZ87Ewl/ZjAqSwnYJHA5dyxo0i71XKN/813RTlTcmloTIhIe5hhXPwdUtnT6UsW4oDTCFq"
        + "CkHm3qNlw7YKj2Gj4jfnqJR9S/GeKRSaghCZAg9UgE/uJtos3Zc67O+FSllvKa6ZQqAp7q3RghS9BxUiQqi6hPVFs0dIzAyilGwvZYIpAJFjkV/xCKhQ"
        + "qp1OVlhykCEKQcgonC0qZWopALedqlwGlQTi60vc3po3qs8seeMprULSah7dJOZjGOYIEcmCZEwN5X3+W8Bg/mBtMDwiiAJNTl8QEz1CtJ1AjU+rclaQ"
        + "EkulTjHiwYf5A2DjSQyzSpmyUqSqs2BN7GX1Zbkye5brsGczSsPtlKhgCN/9ouzAtby+4RXOwI7z0VSUrsQwuDG6Asz7pMekm6NFxzJMfNU6PwtJBlaI"
        + "Iy8ajx2ZxsA+xH/Qn5ebSRgCxpuRXnYmgPd20gMaT8saN4pB+aeuAkPuA0XaDrzneYhlrjDAYuYeQIkZZi7MQzS3eubrEmBC4JhsBQJ/mCIs+egsrAIs"
        + "ccgb");

    /// <summary>zstd -1</summary>
    public static byte[] TextLevel1 => Convert.FromBase64String(
        "KLUv/QRI/RwAZqJEE6CXNAfmI+31/ytNSGjJ5sYPrVZFAD0AOwAhwhbrjiScUj5+MabAQLxAI7aBNUWSOWGUGR4YZYdFEuMYURY+jD8GKi8QrcOWsDop"
        + "cIgyDxAgMDgYKAAIRoAAgcHBQEFnLRo5GjZzhLMWjRy9aOSJcS8pGokWPbLJ1aKRaNEjH/faopFojZGMY5SPHxgz3DwZ2hHbso70nBpKGY4BZ73243BG"
        + "I2Uvev7jcEYjvej5j8MZjRy9puePw1mrJQ1ENyRHODO5Gr2mI5y1em30cEc4a9FIe19zjxAAJDxrTX/glzQQ3ZD0mv7jcEYjR6/pj8MZjfRgy1Hb+5ob"
        + "ToTqzqQqx+EsbEbY6+Nw1ks+DmcmVz8OAYGOqPFwb7bfAZGFhBijGJU+EVxRMF2TdDilsC8lyJRPm3qdMld8QkXd9LxLVEgkvaHJfOC25Lb2ezELArfM"
        + "ULF/Ik3CG+L0cDMZCmhrUumSSinUpTQZ3UMVPRURKqJQtJJjidtQrf+uSnlfSnAfqsgBKqknO4XkO9mDKrB5CBsC+etmqv3JNz/vR2dqEJPJT5/MadOU"
        + "QtYcsJHJU2SYUKiYOv+YNhEhbAePHLm1wm66UMrLUkamhE35dMqWEilU0s5wRRI0sCqF2zwmc+p6Vcp7KYNMCTblc/buPaLjrghPYuBSIogKsHpTysOl"
        + "LJiS1ZTfg31TSoKKJxGn1ok69VUkaMcBB0lK4V1KqPiqrDNUpkgEpt6D1rHeaJkyLiXFbUp5uJRR+asibaikfjgywyW7jNkMQynnUtz1ppS3Szkq94Mq"
        + "4MIVKnHI8l3kUjg/b7l4CgdJM48+SDYs3a73hswC4q15tfHZStYYFucdD4UrPB+YEkn5orHQboqGokEzkfauKRMYoWVUTiqndCSEDVBXPB1JJ4Ze7DOH"
        + "kzyAHRPOH+2M/kS5oQqEkkCND5Odi5/Ln4X6UPYOu+m1bXVYh1VVKUyGq8oKu2fm7ckjvKvJR0U5cUiQEEoOhLZLFXkqMjNxN1PYRzo6kKxCDGtABOjq"
        + "8dIx3ZBoUGIIF78K6ROSBFwIlsezLxvCk4EBSCAMxAXcf/F51DlMG4dmABh3Fu4UXROQI6RsEHXlaSTdhkL9yX0P3yoxfEAw9dSVqgnTUbve0pFBYMA8"
        + "zCSCgAxuFCoEmRCJNQ0rsMJow5BlJMzpBcEv/VI6JEBgwDxMDCiop/2h05tr8sMUhUgrCQjMMGEumIMJEAx9A0gVLHHIGw==");

    /// <summary>zstd -19</summary>
    public static byte[] TextLevel19 => Convert.FromBase64String(
        "KLUv/QRohRgA9rdmE6CXNAfmI+31/5MlK3tlT9yv9RhjAF8AXwA2JLJFice1W+HWKYdOrIdqXi3E62exCS+b26n2REziEj3ODiJ3aDJ7SiZ1sSPQIeY+"
        + "zhZ3zdzeRHokZqiFPOgO0huc4pGaNUvIwUOEfdPt5iovydR4bs4SB0A4BAgQGBwMFAQXyEoOs8Minx2deMRthVuUR3ZFRdZUX002u8XCubUIYlTkiKHD"
        + "Jd1uoGnu4c29SUcoUhr8k9pqrpHLKeyZTuERetM8DDF3SS6/eWrzkWuWkuClI0MJ6Z64Oc8daOolFjd5qCVI30wcZy7Q1Es2e2gROzrxiFortChvsppq"
        + "1qypvpp410Jo09YiiEc/W+ShzS6ZGug5zvT0SEeoyVt6cHlYw0ODYkIaN4fvxiSX3zwN40iNlAQ73eShFtI9cXMmvNrphscT4bkGyU3tkWuWWg5eOjKU"
        + "BOl74uY8d6Cpl2z2kMgWJUbU2jnu2TVZVFdkrIXY3NoRE4/K0GYl1APNceKeIV2JibylBxepGobdG37H4Rok5c00jI9cs9RysFOBfKgxMFhtuwGxpkBE"
        + "VNMGEYyAYAEu9WgxsGm2QMh0XzjVRbk4ed/QdutMF51rYA+vVH1FOKwWzGf3Bo5voiBa1UXdnKvqajoumOMl3DZHdzV/Jbte6YXyWirCU/utAyWyFUDd"
        + "+TmtJJxzksEmwOU2gHDqC0cd1COxke1WlMOhpTsnUYw5u4jJkDNwH1+C3wPZVLyX1p/AKuuUrRooNb+dN/dopoZtVAmWcKH8Z2aKWtdr8nG5Q7C93C5h"
        + "l+oB0tundXd4J+Kojzp3u5wIUjPLJ4VQ1R/vaGCqQoUqcymqVmjmPeFK3UZ9CbrLgeBVw3Z9KJtYx2gIVQFLz2IHzFqUobr+sdbPsU4SnnYDVVpBb1+p"
        + "8vuZ49L9jeIWUZQUsc4/dvvaYSrV0NQXiEo12vUBftWFG55UifMO9frMuNOHE8oq8/+aEeqf87pArtet0zvneG2NK637fq/v9/16e/R7A/oEEREocf2/"
        + "n/nvH7+5TgNmFSxxyBs=");

    /// <summary>zstd -19 --no-check</summary>
    public static byte[] LettersLevel19WithoutChecksum => Convert.FromBase64String(
        "KLUv/QBorQ0ARnhsD8CnA7Ls3mK9KAn///+sAWUAaABpAPVWJdMStidOQ42Cz0h1iwuErctoijZjA66ZpuDWIfYeQBjsOgQmkcUriIT7JtQTUseXw9MG"
        + "bgLYMDLL8R9eAVk4ej5TfrUZ1uPiGnva5M3klcBC3IXgieNh3ybAjmLspDraW94v33OZgkwxlPDd01MWBJBn6eDR9rljJr0cFgwRNBA+6YEK2l1LqjpN"
        + "HDolJaRxLRl1o02shjvjUklR2wqaCoMBKi6rKbapZlvtEzg3hMkSG0A9YQFkTmYxXMVCJ2EJvZDL5eZQNd/FWgJlwOZJmKXByJswos3oJdoY/U/5GdTP"
        + "cM7kRNqoNy2pAohzOMAoREAxk6TUZqd36MVhmAKifD5ZTEJMvQV+zvCE1mF1AEkMAcgd+lRJeGzWCiNx4MfYpsLEmB76yReqZSA9iwVJCXRwUwMERD8X"
        + "9RIEr5x2m3F55rUmVLPCS780GG+r3hYAAOZ+oaAmmPX/MOZUWw6zAoVBKEw7i/kNv0iCXHD8r/Idd0p8t26ugDHT6v37SLFibDPpl3f0VdzVYXFhcZFB"
        + "AD9CDvoFEvCtCQA=");

    /// <summary>zstd -19</summary>
    public static byte[] LongTextLevel19 => Convert.FromBase64String(
        "KLUv/QRoZEMAurfIExOglyQH5iPt9f8r9q6IiKTwipsxPwEzATMBVehc3rSXsIsuJu4eMsREB9Nq2E6w+DGRehvRTenyj6JzLOFgMBwTFs5Fo/S/SKY+"
        + "stUiMT+4w2raDz2FIHdxi2hHST89vWuq0Lm8c9pL2EUXE+8hQ0z0p9WwnWDxYyL1JropXf5RdI4lHAyGY8LCuWiU/hfJ1Ee2WiTmB3dYTfuhpxDkLm4R"
        + "7Sjpp6d3TRXUubxz2kvYRRcT7yFDTPS0GrYTLH5MpN5EN6XLP4rOsUw4GAzHhIVz0Sj9RTL1ka0WifkS3GE17YeeQpC7uEW0o6Sfnt41VVDn8s5pL2EX"
        + "XUzcPWSIiZ5Ww3aCxY+J1NuIbkqXfxSdYwkHg+GYsHAuGqW/SKY+slok5ktwh9W0H3oKQXqCsAeXGDioFgEVDaYFEoMgSTB9INMgzuBe4CvoBGwwBQIQ"
        + "ghBAAAEDBwYUCPrIVovE/OAOq2k/9BSC3MUtoh0l/fT0rqmC5vLOaS9hF11M3D1kiImeVsN2gsWPidTbiG5Kl38UnWMJB4PhmLBwLhqlv2TqI1stEvOD"
        + "O6ym/dBTCNIjbhHtJIHEXU5Bc3nntJewiy4m3kOGmOhPq2E7weLHROpNdFO6/KPoHEs4GAzHhIVz0Sj9L5Kpj2y1SMwP7rCa9kNPIchd3CLaUdJPT++a"
        + "Kmgu75z2EnbRxcR7yBATPa2G7QSLHxOpN9FN6fKPonMsQTgYDMeEhXPRKP0vkqmPbLVIzA/usJr2Q08hyF3cItpR0k9P75oqdC7vnPYSdtHFxN1Dhpjo"
        + "aTVsJ1j8mEi9BaKb0uUfRedYJhwMhmPCwrlolP4XydRHtlok5gd3WE37oacQ5C5uEe0o6aend031JropXf5RdI4lHAyGY8LCuWiU/hfJ1Ee2WiTmB3dY"
        + "TfuhpxDkLm4R7Sjpp6d3jYLm8s5pL2EXXUzcPWSIiZ5Ww3aCxY+J1JvopnT5R9E5lgkHg+GYsHAuGqX/RTL1ka0WifnBHVbTfugpBLmLW0Q7Svrp6V1T"
        + "Bc3lndNewi66mBjYQ4aY6Gk1bCdY/JhIvY3opnT5R9E5lnAwGI4JC+eiUfpfJFMf2WqRmB/cYTXth55CkLu4RbSjpJ+e3jVV0FzeOe0l7KKLifeQISb6"
        + "02rYTrD4MZF6E92ULv8oOscSDgbDMWHhXDRK/4tk6iNbLRLzgzuspv3QUwhyF7eIdpT009O7pgqayzunvYRddDHxHjLERE+rYTvB4sdE6k10U7r8o+gc"
        + "y4SDwXBMWDgXjdL/IpkBADSXd057CbvoYuI9ZIiJ/rQathMsfkyk3kQ3pcs/is6xhIPBcExYOBeN0v8imfrIVovE/OAOq2k/9BSC3MUtoh0l/fT0rmnQ"
        + "XN457SXsoouJ95AhJnpaDdsJFj8mUm+im9LlH0XnWCYcDIZjwsK5aJT+F8nUR7ZaJOYHd1hN+6GnEOQubhHtKOmnp3dNg+byzmkvYRddTNw9ZIiJnlbD"
        + "doLFj4nU24huSpd/FJ1jmXAwGI4JC+eiUfpfJFMf2WqRmB/cYTXth55CkLu4RbSjpJ+e3jUKmss7p72EXXQx8R4yxER/Wg3bCRY/JlJvI7opXf5RdI4l"
        + "HAyGY8LCuWiU/hfJ1Ee2WiTmB3dYTfuhpxDkLm4R7Sjpp6d3jYLm8s5pL2EXXUy8hwwx0Z9Ww3aCxY+JBIYqqCOwoq/ZDWM8BkIkeCNqDhMwAgMCiHLJ"
        + "R7X1/78DCbH3TrfL7LKJRSUFftGWrtzks2Y3dA7DmCaqNNMBTZp6YlJUUszzxd0hyHMrZ67IyEdwxLVnF2iI9riEFxrEH9rGFm5VO12Rn1R1ckpLlFMD"
        + "WVNdY+ApnFNge7522k+f/BGAqNzsIgEoTYQO+qIfzudO86pSrsJXrhp6nyXP1PBq1DVePRXuNdWfq5w7o3M0VaFQ+dDsspEkQMd+GA9WEjZqREj/Y5CN"
        + "SNVbrUB7Tj2bhGqp6vlFaFv0edX5w3hHUwnKlbyze3Asgmzh+kZy63+DldrobTfakKha3D1o6NSfn1ArzT1fyh1Fnls5MYzj0dRClRL12YUhpzohfGql"
        + "Z2I/kYMW/m4RE0TVqHtF+6b+Ok2dFMLzU2wJoJvSaf+kQud39+xCBNCOCDy2PnQlo/xEDVSlq9eNzyntZULVjVGG2U2NJk3Vhu+pwKaTbd7nRHp6h/JM"
        + "cXaLiKGVgKr3ha5yQqQ7MPuhRgwhq8/8Ae2Y+vIS1KWw52O1q0AXqZ3WJyX039yzCwxCtxzkx2ygh/s9JofVIp6KJ61Kfq5I5tT2VqnfwHlKRnRS5Hs5"
        + "kZ7+oXiOOLtICBI4IO+dxML3l1VNkLrv8VZP5e183poYqO2p2aKpZDqk6FjRPZqzvnLl4RwcklajEkuP+PCiCgoIzi4mENUYKJtrrK8VvIdT2xaOkh+5"
        + "CsFfkgJTY4umfoPyVC5paUHD24l9eoR+dnt2AUYQlaP8lDEc8J9H4mb2uYobNkhUZeV9tXHqYqXUku48X8sVIE8nRjpb9d5vN3IKzSQKmSrmmS7MJ3jO"
        + "biz48QCNiNUpXyJtmvr7lHopx/M1rbboaf7MWV8fcrsxTpXeNNiCkEB1iSYnyiAuC06+r7nkGOVqxiDLCE9d/kfVpe4pURbBxnPA6UQC9L/d2Omwm4Sy"
        + "gelW0a3/PBI3Zr/VQJNk9Z7uoQGnLniSGunn+VNUBCIlpdP4JIKOR7FSj1N2HBkwoH7FJwtx5rG1hPp4Uihiglz1Cal6UqXK7ekp2adDCebjxH36Qg1F"
        + "6aXrw16IyuZC1kbAPPb5eGSYYmtM+wJ9mKdU5SmlllMiHcQoykVHOksXEj060oXnUR1K040uo8vRZXQZXV5Hl48uRtFG0UCj0QZg6QpUAAAAAQD9/7vZ"
        + "uQYCRQAAAAEAWpw5AAJNZov3");

    /// <summary>zstd -19</summary>
    public static byte[] FewLetters => Convert.FromBase64String(
        "KLUv/QRobQMAgkwaD8CnA/ISu2ZtKQn///+sAUVDt7hAWJqKRmYbG7g2reDSMew9gDDUdAyYhiReYUi4b4Ge0HR8OTxt4CVAjSKzHP/hFZCFo+ez8qNt"
        + "VI+La/Wsydvk1YCFuAvBE8fDfm0AO0qxE+pob3m/AEOcYhY=");
}
